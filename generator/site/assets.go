package site

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/callboard-portal/callboard/generator/diag"
	"github.com/callboard-portal/callboard/generator/page"
)

// assetSet is what a theme publishes besides pages, by path. Filled by one
// tiny build of the partial assets.html, it is fixed afterwards: a page that
// publishes something else is a fault of the theme, for then the published
// files would depend on which pages happened to be rendered.
type assetSet struct {
	mu    sync.Mutex
	bytes map[string][]byte
}

// The partial that publishes every asset of a theme, and the layout that
// calls it and nothing else.
const (
	assetsPartial = "layouts/_partials/assets.html"
	assetsLayout  = "{{ $assets := partial \"assets.html\" . }}\n"
)

// buildAssets calls the theme's partial assets.html by itself, keeps the files
// that it publishes, and adds the files of static.
func buildAssets(ctx context.Context, t *Theme) (*assetSet, diag.List, error) {
	set := &assetSet{bytes: map[string][]byte{}}
	for name, data := range t.files {
		if published, ok := strings.CutPrefix(name, "static/"); ok {
			set.bytes[published] = data
		}
	}
	if _, ok := t.files[assetsPartial]; !ok {
		return set, nil, nil
	}
	h := newHost(ctx, &t.shell, []*page.Page{{URL: "/assets.html", Layout: "assets"}})
	sink := newSink(t.publishDir(), func(path string, data []byte) error {
		if path != "assets.html" {
			set.add(path, data)
		}
		return nil
	})
	warnings, err := runHugo(t, h, sink)
	if err = errors.Join(ctx.Err(), sink.err(), err); err != nil {
		return nil, nil, err
	}
	if len(h.missing(sink)) > 0 {
		return nil, nil, errors.New("publish the theme's assets: Hugo did not call the partial assets.html")
	}
	return set, warnings, nil
}

func (a *assetSet) add(path string, data []byte) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.bytes[path] = bytes.Clone(data)
}

// check accepts an asset that a page published if it is in the set.
func (a *assetSet) check(path string, data []byte) error {
	known, ok := a.bytes[path]
	switch {
	case !ok:
		return errors.New("a page publishes it, but the partial assets.html does not; publish every asset there, so that the site does not depend on which pages were rendered")
	case !bytes.Equal(known, data):
		return errors.New("a page publishes it with other bytes than the partial assets.html; give its name a fingerprint")
	default:
		return nil
	}
}

// files returns the set as files, sorted by path.
func (a *assetSet) files() []page.File {
	files := make([]page.File, 0, len(a.bytes))
	for _, path := range slices.Sorted(maps.Keys(a.bytes)) {
		files = append(files, page.NewFile(path, a.bytes[path]))
	}
	return files
}

// storedAssets is the form of an asset set in the state folder. Sum is over
// the rest, so that a damaged file is made anew.
type storedAssets struct {
	Engine   string            `json:"engine"`
	Files    map[string][]byte `json:"files"`
	Warnings diag.List         `json:"warnings,omitempty"`
	Sum      []byte            `json:"sum"`
}

func (s storedAssets) sum() ([]byte, error) {
	s.Sum = nil
	text, err := json.Marshal(s)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(text)
	return sum[:], nil
}

func readAssets(file string) (*assetSet, diag.List, bool) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, nil, false
	}
	var stored storedAssets
	if err := json.Unmarshal(text, &stored); err != nil || stored.Engine != EngineVersion {
		return nil, nil, false
	}
	sum, err := stored.sum()
	if err != nil || !bytes.Equal(sum, stored.Sum) {
		return nil, nil, false
	}
	return &assetSet{bytes: stored.Files}, stored.Warnings, true
}

func writeAssets(file string, set *assetSet, warnings diag.List) error {
	stored := storedAssets{Engine: EngineVersion, Files: set.bytes, Warnings: warnings}
	sum, err := stored.sum()
	if err != nil {
		return fmt.Errorf("keep assets: %w", err)
	}
	stored.Sum = sum
	text, err := json.Marshal(stored)
	if err != nil {
		return fmt.Errorf("keep assets: %w", err)
	}
	if err := os.WriteFile(file+".new", text, 0o644); err != nil {
		return fmt.Errorf("keep assets: %w", err)
	}
	if err := os.Rename(file+".new", file); err != nil {
		return fmt.Errorf("keep assets: %w", err)
	}
	return nil
}
