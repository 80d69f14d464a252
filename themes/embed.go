// Package themes holds the themes that come with Callboard, one Hugo theme per
// folder. A theme's README lists what a company may override: its partials,
// its words, its tokens. Begin with [Base].
package themes

import (
	"embed"
	"io/fs"
)

//go:embed all:base
var files embed.FS

// Base returns the theme "base": layouts, assets, i18n and its licences, with
// theme.toml at the top. It is the one every portal starts from; a portal's
// own theme folder replaces single files of it by path.
func Base() fs.FS {
	base, err := fs.Sub(files, "base")
	if err != nil {
		panic("themes: " + err.Error()) // the name is a constant, so this cannot happen
	}
	return base
}
