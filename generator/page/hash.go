package page

import (
	"crypto/sha256"
	"encoding/hex"
	"html"
	"maps"
	"slices"
)

// shortHash returns 12 hexadecimal digits of the SHA-256 of s.
func shortHash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:6])
}

// contentHash identifies a fragment made from text in one of several ways.
func contentHash(way, text string) string {
	h := sha256.New()
	h.Write([]byte(way))
	h.Write([]byte{0})
	h.Write([]byte(text))
	return hex.EncodeToString(h.Sum(nil))
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

func htmlEscape(s string) string { return html.EscapeString(s) }
