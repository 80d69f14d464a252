// Package caret makes superscript of ^x^ and insertions of ^^x^^, as pymdownx.caret does.
package caret

import (
	"github.com/yuin/goldmark"

	"github.com/callboard-portal/callboard/generator/docs/ext/inline"
)

// New returns the extension.
func New() goldmark.Extender { return &inline.Delimited{Char: '^', Single: "sup", Double: "ins"} }
