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
	return hashBytes([]byte(way + "\x00" + text))
}

func hashBytes(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

func htmlEscape(s string) string { return html.EscapeString(s) }
