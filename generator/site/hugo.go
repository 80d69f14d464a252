package site

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/bep/logg"
	"github.com/gohugoio/hugo/common/loggers"
	"github.com/gohugoio/hugo/config"
	"github.com/gohugoio/hugo/config/allconfig"
	"github.com/gohugoio/hugo/deps"
	"github.com/gohugoio/hugo/hugofs"
	"github.com/gohugoio/hugo/hugolib"
	"github.com/spf13/afero"

	"github.com/callboard-portal/callboard/generator/diag"
)

// hugoVersion is the Hugo release this package is written and tested against.
// Hugo promises nothing about its Go API or its output between releases, so
// moving to another one is a deliberate step: TestHugo* name what we rely on.
const hugoVersion = "0.165.0"

// hugoMu lets one Hugo build run at a time. Hugo counts errors in a global
// logger, so that of two builds at once each could fail for the other's
// errors; and one build keeps all cores busy anyway.
var hugoMu sync.Mutex

// contentAdapter is the only content file Hugo ever sees. It turns the live
// pages into Hugo pages that carry nothing but where to go and who they are.
const contentAdapter = `{{ range site.Params.host.Pages -}}
{{ $.AddPage (dict "path" .AdapterPath "url" .URL "title" .Title "layout" .HugoLayout "params" (dict "id" .URL)) }}
{{- end }}
`

// runHugo builds the host's pages into the sink. Errors that Hugo only logs
// are errors here; warnings are returned, sorted and without repeats.
func runHugo(theme *Theme, h *host, out *sink) (diag.List, error) {
	log := &hugoLog{}
	logger := loggers.New(loggers.Options{
		Level: logg.LevelInfo, StdOut: discard{}, StdErr: discard{}, HandlerPost: log.entry,
	})
	done := make(chan error, 1)
	go func() { done <- buildSites(theme, h, out, logger) }()
	err := watch(h.ctx, done, out)
	if errors.Is(err, errStalled) || h.ctx.Err() != nil {
		return nil, fmt.Errorf("render with theme: %w", err) // Hugo may still be logging
	}
	if err = log.failure(err); err != nil {
		return nil, fmt.Errorf("render with theme: %w", theme.cleanError(err))
	}
	return log.warnings(), nil
}

// errStalled says that Hugo neither ends nor writes.
var errStalled = errors.New("rendering stopped in the middle; a template probably fails on many pages")

// stallTime is how long Hugo may go without writing a file. A page takes
// milliseconds.
var stallTime = time.Minute

// watch waits for a Hugo build to end. It gives up when ctx ends, and when
// nothing has been written for stallTime: Hugo cannot be cancelled, and after
// ten failed pages it can block for ever (hugolib, renderPages: the pages left
// are sent to workers that have gone). The sink is closed in either case, so
// that what goes on in the background reaches nobody.
func watch(ctx context.Context, done <-chan error, out *sink) error {
	tick := time.NewTicker(stallTime / 4)
	defer tick.Stop()
	written, since := out.count(), time.Now()
	for {
		select {
		case err := <-done:
			return err
		case <-ctx.Done():
			out.stop(ctx.Err())
			return ctx.Err()
		case <-tick.C:
			if n := out.count(); n != written {
				written, since = n, time.Now()
			} else if time.Since(since) > stallTime {
				out.stop(errStalled)
				return errStalled
			}
		}
	}
}

func buildSites(theme *Theme, h *host, out *sink, logger loggers.Logger) error {
	source := afero.NewOsFs()
	flags := hugoConfig(theme, h)
	configs, err := allconfig.LoadConfig(allconfig.ConfigSourceDescriptor{
		Fs: source, Flags: flags, Logger: logger, SkipNpmCheck: true,
		Environ: []string{"LC_ALL=C"}, // never empty: Hugo would read HUGO_* variables of the real one
	})
	if err != nil {
		return err
	}
	sites, err := hugolib.NewHugoSites(deps.DepsCfg{
		Configs: configs, TestLogger: logger, StdErr: discard{}, StdOut: discard{},
		Fs: hugofs.NewFromSourceAndDestination(source, out, flags),
	})
	if err != nil {
		return err
	}
	err = sites.Build(hugolib.BuildCfg{NoBuildLock: true})
	return errors.Join(err, sites.Close())
}

// hugoConfig is the whole configuration; Hugo reads no configuration file, not
// even one inside a theme. Everything that reaches outside the theme is denied.
func hugoConfig(theme *Theme, h *host) config.Provider {
	none := []string{"none"}
	cfg := config.New()
	for key, value := range map[string]any{
		"workingDir":             theme.sourceDir(),
		"publishDir":             "public",
		"cacheDir":               theme.cacheDir(),
		"resourceDir":            filepath.Join(theme.cacheDir(), "resources"),
		"baseURL":                "/", // so that an asset's RelPermalink is its site path
		"defaultContentLanguage": theme.language,
		"languages":              map[string]any{theme.language: map[string]any{"weight": 1}},
		"environment":            "production",
		"timeout":                "300s",
		"disableKinds":           []string{"home", "section", "taxonomy", "term", "rss", "sitemap", "robotsTXT", "404"},
		"outputs":                map[string]any{"page": []string{"html"}},

		"disableHugoGeneratorInject": true,
		"disableAliases":             true,
		"disableLiveReload":          true,
		"enableGitInfo":              false,
		"enableRobotsTXT":            false,
		"noBuildLock":                true,
		"noTimes":                    true,
		"minify":                     map[string]any{"minifyOutput": false},
		"security": map[string]any{
			"enableInlineShortcodes": false,
			"allowContent":           []string{"^text/markdown$"},
			"exec":                   map[string]any{"allow": none, "osEnv": none},
			"funcs":                  map[string]any{"getenv": none},
			"http":                   map[string]any{"urls": none, "methods": none},
		},
		"params": map[string]any{"host": h},
	} {
		cfg.Set(key, value)
	}
	return cfg
}

// hugoLog collects what Hugo logs while it builds.
type hugoLog struct {
	mu     sync.Mutex
	errors []string
	warned []string
}

// deprecation reports whether the entry says that something is deprecated.
// Hugo gives a fresh deprecation the level of mere information, and makes it a
// warning three months and an error fifteen months later.
func deprecation(e *logg.Entry) bool {
	return slices.Contains(e.Fields, logg.Field{Name: loggers.FieldNameCmd, Value: "deprecated"})
}

func (l *hugoLog) entry(e *logg.Entry) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case e.Level >= logg.LevelError:
		l.errors = append(l.errors, strings.TrimSpace(e.Message))
	case e.Level == logg.LevelWarn, deprecation(e):
		l.warned = append(l.warned, strings.TrimSpace(e.Message))
	}
	return nil
}

var countOnly = regexp.MustCompile(`^logged \d+ error\(s\)$`)

// failure joins the logged errors to the one that Build returned, which often
// says nothing but how many were logged.
func (l *hugoLog) failure(err error) error {
	slices.Sort(l.errors)
	logged := strings.Join(slices.Compact(l.errors), "; ")
	switch {
	case logged == "":
		return err
	case err == nil, countOnly.MatchString(err.Error()):
		return errors.New(logged)
	default:
		return fmt.Errorf("%w; %s", err, logged)
	}
}

func (l *hugoLog) warnings() diag.List {
	slices.Sort(l.warned)
	var list diag.List
	for _, message := range slices.Compact(l.warned) {
		list.Add(diag.Diagnostic{
			Code: "theme-warning", Severity: diag.Warning, Message: message,
			Hint: "change the theme so that Hugo has nothing to warn about; deprecated functions stop working in a later Hugo",
		})
	}
	return list
}

// discard swallows what Hugo prints; the log entries are collected instead.
type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }
