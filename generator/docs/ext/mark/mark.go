// Package mark highlights ==x==, as pymdownx.mark does.
package mark

import (
	"github.com/yuin/goldmark"

	"github.com/callboard-portal/callboard/generator/docs/ext/inline"
)

// New returns the extension.
func New() goldmark.Extender { return &inline.Delimited{Char: '=', Double: "mark"} }
