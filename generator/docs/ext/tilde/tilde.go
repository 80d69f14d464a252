// Package tilde makes subscript of ~x~ and deletions of ~~x~~, as
// pymdownx.tilde does. GitHub's strikethrough with one tilde is not read as such.
package tilde

import (
	"github.com/yuin/goldmark"

	"github.com/callboard-portal/callboard/generator/docs/ext/inline"
)

// New returns the extension.
func New() goldmark.Extender { return &inline.Delimited{Char: '~', Single: "sub", Double: "del"} }
