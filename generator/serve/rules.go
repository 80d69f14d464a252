package serve

import (
	"bufio"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// rules are the site's own _headers and _redirects files, in the form that
// Netlify and Cloudflare Pages read. They are read anew for each request:
// they are small, and the site may just have been replaced.
type rules struct {
	redirects []redirectRule
	blocks    []headerBlock
}

type redirectRule struct {
	from, to string
	code     int
}

type headerBlock struct {
	pattern string
	headers [][2]string
}

func (h *Handler) rules() rules {
	var out rules
	for line := range lines(filepath.Join(h.dir, "_redirects")) {
		f := strings.Fields(line)
		if len(f) < 2 || strings.HasPrefix(f[0], "#") {
			continue
		}
		code := http.StatusMovedPermanently
		if len(f) > 2 {
			if n, err := strconv.Atoi(strings.TrimSuffix(f[2], "!")); err == nil && n >= 300 && n < 400 {
				code = n
			}
		}
		out.redirects = append(out.redirects, redirectRule{f[0], f[1], code})
	}
	for line := range lines(filepath.Join(h.dir, "_headers")) {
		trimmed := strings.TrimSpace(line)
		switch name, value, ok := strings.Cut(trimmed, ":"); {
		case trimmed == "" || strings.HasPrefix(trimmed, "#"):
		case !strings.HasPrefix(line, " ") && !strings.HasPrefix(line, "\t"):
			out.blocks = append(out.blocks, headerBlock{pattern: trimmed})
		case ok && len(out.blocks) > 0:
			b := &out.blocks[len(out.blocks)-1]
			b.headers = append(b.headers, [2]string{strings.TrimSpace(name), strings.TrimSpace(value)})
		}
	}
	return out
}

func lines(name string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		f, err := os.Open(name)
		if err != nil {
			return // a site without the file has no rules
		}
		defer f.Close()
		for s := bufio.NewScanner(f); s.Scan(); {
			if !yield(s.Text()) {
				return
			}
		}
	}
}

// match reports whether a path fits a pattern, and what its trailing "*" stands for.
func match(pattern, p string) (splat string, ok bool) {
	if prefix, star := strings.CutSuffix(pattern, "*"); star {
		return strings.CutPrefix(p, prefix)
	}
	return "", pattern == p || pattern+"/" == p
}

func (r rules) redirect(p string) (to string, code int, ok bool) {
	for _, rule := range r.redirects {
		if splat, ok := match(rule.from, p); ok {
			return strings.ReplaceAll(rule.to, ":splat", splat), rule.code, true
		}
	}
	return "", 0, false
}

func (r rules) headers(p string, h http.Header) {
	for _, b := range r.blocks {
		if _, ok := match(b.pattern, p); !ok {
			continue
		}
		for _, kv := range b.headers {
			// This server speaks plain HTTP on one machine.
			if strings.EqualFold(kv[0], "Strict-Transport-Security") {
				continue
			}
			value := kv[1]
			if strings.EqualFold(kv[0], "Content-Security-Policy") {
				value = strings.TrimSpace(strings.ReplaceAll(strings.ReplaceAll(value, "; upgrade-insecure-requests", ""), "upgrade-insecure-requests;", ""))
			}
			h.Set(kv[0], value)
		}
	}
}
