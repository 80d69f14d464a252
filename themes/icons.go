//go:build ignore

// Command icons copies the icons the base theme uses out of an unpacked
// lucide-static package, one partial per icon, and records version and licence:
//
//	go run icons.go <folder of lucide-static>
//
// It is run by hand when an icon is added; its output is committed.
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// icons are our names and Lucide's. Ours say what the icon means here, so that
// a theme can draw it differently.
var icons = [][2]string{
	{"about", "info"}, {"ai", "sparkles"}, {"alert", "triangle-alert"}, {"api", "plug"}, {"bulb", "lightbulb"},
	{"chat", "message-circle"}, {"clock", "clock"}, {"code", "code-xml"}, {"component", "box"}, {"dark", "moon"},
	{"dashboard", "chart-column"}, {"data", "braces"}, {"docs", "book-open"}, {"domain", "network"}, {"edit", "pencil"},
	{"error", "octagon-x"}, {"example", "flask-conical"}, {"file", "file-text"}, {"filter", "list-filter"}, {"github", "git-branch"},
	{"graph", "waypoints"}, {"group", "users"}, {"help", "circle-question-mark"}, {"home", "house"}, {"info", "info"},
	{"light", "sun"}, {"link", "link"}, {"list", "list"}, {"location", "map-pin"}, {"logo", "panels-top-left"},
	{"mail", "mail"}, {"menu", "menu"}, {"minus", "circle-minus"}, {"ok", "circle-check"}, {"phone", "phone"},
	{"resource", "database"}, {"runbook", "siren"}, {"search", "search"}, {"source", "git-branch"}, {"star", "star"}, {"stale", "hourglass"},
	{"system", "boxes"}, {"system-theme", "monitor"}, {"template", "layout-template"}, {"user", "user"},
	{"website", "globe"},
}

func main() {
	log.SetFlags(0)
	if len(os.Args) != 2 {
		log.Fatal("usage: go run icons.go <folder of lucide-static>")
	}
	if err := run(os.Args[1]); err != nil {
		log.Fatal(err)
	}
}

func run(from string) error {
	var meta struct{ Version, License string }
	raw, err := os.ReadFile(filepath.Join(from, "package.json"))
	if err != nil {
		return err
	}
	if err := json.Unmarshal(raw, &meta); err != nil {
		return fmt.Errorf("read package.json: %w", err)
	}
	licence, err := os.ReadFile(filepath.Join(from, "LICENSE"))
	if err != nil {
		return err
	}
	note := fmt.Sprintf("Icons in layouts/_partials/icons come from lucide-static %s (%s).\nCopied by themes/icons.go; names are ours.\n\n%s", meta.Version, meta.License, licence)
	if err := os.WriteFile("base/LICENSE-icons.txt", []byte(note), 0o644); err != nil {
		return err
	}
	body := regexp.MustCompile(`(?s)<svg[^>]*>(.*)</svg>`)
	space := regexp.MustCompile(`\s+`)
	for _, icon := range icons {
		svg, err := os.ReadFile(filepath.Join(from, "icons", icon[1]+".svg"))
		if err != nil {
			return err
		}
		m := body.FindSubmatch(svg)
		if m == nil {
			return fmt.Errorf("icon %s: no svg element", icon[1])
		}
		inner := strings.ReplaceAll(strings.TrimSpace(space.ReplaceAllString(string(m[1]), " ")), "> <", "><")
		inner = strings.ReplaceAll(inner, " />", "/>")
		out := `<svg class="icon" viewBox="0 0 24 24" width="16" height="16" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">` + inner + "</svg>"
		if err := os.WriteFile(filepath.Join("base/layouts/_partials/icons", icon[0]+".html"), []byte(out), 0o644); err != nil {
			return err
		}
	}
	return nil
}
