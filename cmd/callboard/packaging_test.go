package main

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/pflag"
	"gopkg.in/yaml.v3"

	"github.com/callboard-portal/callboard/generator/scaffold"
	"github.com/callboard-portal/callboard/packaging"
)

// packagedCommands returns every callboard command line in the files of
// packaging, by where it stands, without the program's name.
func packagedCommands(t *testing.T) map[string][]string {
	t.Helper()
	commands := map[string][]string{}
	line := regexp.MustCompile(`(?:^|[ =/])callboard ((?:build|check|sync|serve|init)\b[^>|&;\n]*)`)
	err := fs.WalkDir(packaging.Files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(packaging.Files, name)
		for l := range strings.Lines(string(text)) {
			if strings.HasPrefix(strings.TrimSpace(l), "#") {
				continue
			}
			for _, m := range line.FindAllStringSubmatch(l, -1) {
				commands[name+": "+strings.TrimSpace(m[1])] = strings.Fields(m[1])
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	commands["kubernetes/cronjob.yaml: args"] = cronJobArgs(t)
	return commands
}

func cronJobArgs(t *testing.T) []string {
	t.Helper()
	text, err := fs.ReadFile(packaging.Files, "kubernetes/cronjob.yaml")
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(`(?m)^ *args: (\[.*\])$`).FindSubmatch(text)
	if m == nil {
		t.Fatal("the CronJob has no args")
	}
	var args []string
	if err := yaml.Unmarshal(m[1], &args); err != nil {
		t.Fatal(err)
	}
	return args
}

func execStart(t *testing.T) []string {
	t.Helper()
	unit, err := fs.ReadFile(packaging.Files, "systemd/callboard.service")
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(`(?m)^ExecStart=/usr/local/bin/callboard (.*)$`).FindSubmatch(unit)
	if m == nil {
		t.Fatal("the service starts something else")
	}
	return strings.Fields(string(m[1]))
}

func TestPackagedCommandsExist(t *testing.T) {
	commands := packagedCommands(t)
	if len(commands) < 7 {
		t.Errorf("found only %d commands", len(commands))
	}
	for where, args := range commands {
		c, rest, err := newRoot(&terminal{}).cmd.Find(args)
		if err != nil || c.Name() != args[0] {
			t.Errorf("%s: there is no such command: %v", where, err)
			continue
		}
		if err := c.ParseFlags(rest); err != nil && !errors.Is(err, pflag.ErrHelp) {
			t.Errorf("%s: %v", where, err)
			continue
		}
		if c.Args != nil {
			if err := c.Args(c, c.Flags().Args()); err != nil {
				t.Errorf("%s: %v", where, err)
			}
		}
		if f := c.Flags().Lookup("format"); f != nil && f.Changed {
			if err := newRoot(quietTerminal(t)).run(t.Context(), []string{"check", "--format", f.Value.String(), t.TempDir()}); err != nil {
				t.Errorf("%s: %v", where, err)
			}
		}
	}
}

// quietTerminal is one nobody reads.
func quietTerminal(t *testing.T) *terminal {
	t.Helper()
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { null.Close() })
	return newTerminal(null, null, null, func(string) string { return "" })
}

// What the timer starts, and what the CronJob's pod runs, is run here on a
// portal as init writes it, with the folders moved.
func TestPackagedBuildsBuild(t *testing.T) {
	for name, args := range map[string][]string{"systemd": execStart(t), "kubernetes": cronJobArgs(t)} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if _, _, err := scaffold.Write(filepath.Join(dir, "config"), nil); err != nil {
				t.Fatal(err)
			}
			move := strings.NewReplacer("/srv/callboard/public", dir+"/data/public", "/srv/callboard/", dir+"/config/", "/config/", dir+"/config/", "/data/", dir+"/data/")
			if err := os.Mkdir(filepath.Join(dir, "data"), 0o755); err != nil {
				t.Fatal(err)
			}
			for i := range args {
				args[i] = move.Replace(args[i])
			}
			report := filepath.Join(dir, "report.json")
			if err := newRoot(quietTerminal(t)).run(t.Context(), append(args, "--report", report)); err != nil {
				t.Fatal(err)
			}
			if _, err := os.Stat(filepath.Join(dir, "data/public/index.html")); err != nil {
				t.Error(err)
			}
			checkSiteHash(t, report)
		})
	}
}

// checkSiteHash checks that the report has the hash where the CI files look:
// jq reads the key, and sed a line of its own.
func checkSiteHash(t *testing.T, report string) {
	t.Helper()
	text, err := os.ReadFile(report)
	if err != nil {
		t.Fatal(err)
	}
	var r struct{ SiteHash string }
	if err := json.Unmarshal(text, &r); err != nil || len(r.SiteHash) != 64 {
		t.Errorf("the report's siteHash is %q, %v", r.SiteHash, err)
	}
	lines := regexp.MustCompile(`(?m)^ *"siteHash": "(.*)",*$`).FindAllSubmatch(text, -1)
	if len(lines) != 1 || string(lines[0][1]) != r.SiteHash {
		t.Errorf("the report has %d lines with siteHash", len(lines))
	}
}
