package generator

import (
	"context"
	"path/filepath"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/callboard-portal/callboard/generator/config"
)

// WatchPaths returns the files and folders on this machine that a portal is
// made from: its configuration, brand, content and theme, and the folders of
// its local sources. A configuration that cannot be read now is watched alone,
// so that mending it is noticed.
func WatchPaths(ctx context.Context, opt Options) []string {
	paths := []string{opt.Config}
	c, _, err := config.Load(opt.Config, opt.LookupEnv)
	if err != nil {
		return paths
	}
	paths = append(paths, filepath.Join(c.Dir, c.BrandFile), filepath.Join(c.Dir, "custom.css"), filepath.Join(c.Dir, c.Content))
	if c.Theme != "base" {
		paths = append(paths, filepath.Join(c.Dir, c.Theme))
	}
	for _, image := range []string{c.Brand.Logo, c.Brand.LogoDark, c.Brand.Favicon} {
		if image != "" {
			paths = append(paths, filepath.Join(c.Brand.Dir, image))
		}
	}
	for _, s := range c.Sources {
		// A folder that a glob will match is not there yet; the folder it
		// will appear in is.
		if base, glob := doublestar.SplitPattern(filepath.ToSlash(s.Directory)); s.Directory != "" && glob != "" && strings.ContainsAny(glob, "*?[{") {
			paths = append(paths, beside(c.Dir, filepath.FromSlash(base)))
		}
	}
	for _, k := range c.Kinds {
		if k.Schema.File != "" {
			paths = append(paths, filepath.Join(c.Dir, k.Schema.File))
		}
	}
	opt.Offline = true
	p, err := Load(ctx, opt, "sync")
	if err != nil {
		return paths
	}
	for _, s := range p.Checkouts {
		if s.Dir != "" {
			paths = append(paths, s.Dir)
		}
	}
	return paths
}
