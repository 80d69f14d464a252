package page

import (
	"net/url"
	"strings"
)

// safeURL reports whether s is an absolute http, https or mailto URL that a
// page may link to.
func safeURL(s string) bool {
	if strings.ContainsAny(s, "\x00\n\r\t") {
		return false
	}
	u, err := url.Parse(s)
	if err != nil {
		return false
	}
	switch strings.ToLower(u.Scheme) {
	case "http", "https":
		return u.Host != ""
	case "mailto":
		return u.Opaque != ""
	}
	return false
}
