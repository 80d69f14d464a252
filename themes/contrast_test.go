package themes

import (
	"fmt"
	"io/fs"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// tokens are the colours of tokens.css: name without "--cb-" to light and dark.
func tokens(t *testing.T) map[string][2]string {
	t.Helper()
	css, err := fs.ReadFile(Base(), "assets/css/tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][2]string{}
	for _, m := range regexp.MustCompile(`--cb-([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);`).FindAllStringSubmatch(string(css), -1) {
		out[m[1]] = [2]string{m[2], m[3]}
	}
	return out
}

// luminance is the relative luminance of "#rrggbb" (WCAG 2.2, "relative luminance").
func luminance(hex string) float64 {
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, _ := strconv.ParseUint(hex[1+2*i:3+2*i], 16, 8)
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}

func ratio(a, b string) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// pair says that a colour is used on backgrounds and what ratio that needs.
type pair struct {
	color string
	on    []string
	least float64
}

func pairs() []pair {
	pages := []string{"bg", "surface", "raised"}
	list := []pair{
		{"text", append([]string{"hover", "mark", "selection", "code-line", "accent-tint", "ok-tint", "warn-tint", "bad-tint", "info-tint", "stale-tint"}, pages...), 7},
		{"muted", append([]string{"hover", "ok-tint", "warn-tint", "bad-tint", "info-tint", "stale-tint"}, pages...), 4.5},
		{"accent", append([]string{"hover", "accent-tint", "info-tint", "stale-tint", "warn-tint"}, pages...), 4.5},
		{"accent-hover", append([]string{"hover"}, pages...), 4.5},
		{"on-accent", []string{"accent", "accent-hover"}, 4.5},
		{"control", pages, 3},
		{"focus", append([]string{"hover", "accent-tint"}, pages...), 4.5},
	}
	for _, intent := range []string{"ok", "warn", "bad", "info", "stale"} {
		list = append(list, pair{intent, append([]string{intent + "-tint"}, pages...), 5.1})
	}
	for _, kind := range []string{"component", "api", "resource", "system", "domain", "people", "other"} {
		list = append(list, pair{"kind-" + kind, append([]string{"hover", "kind-" + kind + "-tint"}, pages...), 4.5})
	}
	for _, code := range []string{"comment", "keyword", "string", "number", "name", "type", "attribute"} {
		list = append(list, pair{"code-" + code, []string{"bg", "surface", "code-line"}, 4.5})
	}
	return list
}

func TestEveryColourIsReadable(t *testing.T) {
	colors := tokens(t)
	for _, p := range pairs() {
		for _, on := range p.on {
			for mode, name := range []string{"light", "dark"} {
				fg, ok := colors[p.color]
				bg, ok2 := colors[on]
				if !ok || !ok2 {
					t.Fatalf("tokens.css has no --cb-%s or --cb-%s", p.color, on)
				}
				if r := ratio(fg[mode], bg[mode]); r < p.least {
					t.Errorf("%s: --cb-%s %s on --cb-%s %s has contrast %.2f, want at least %.1f", name, p.color, fg[mode], on, bg[mode], r, p.least)
				}
			}
		}
	}
}

func TestEveryColourIsChecked(t *testing.T) {
	checked := map[string]bool{"line": true} // separates, and carries no meaning
	for _, p := range pairs() {
		checked[p.color] = true
		for _, on := range p.on {
			checked[on] = true
		}
	}
	for name := range tokens(t) {
		if !checked[name] {
			t.Errorf("--cb-%s is in no pair of this test", name)
		}
	}
}

func TestContrastFormula(t *testing.T) {
	if r := ratio("#000000", "#ffffff"); fmt.Sprintf("%.2f", r) != "21.00" {
		t.Errorf("black on white is %.2f, want 21", r)
	}
	if r := ratio("#777777", "#ffffff"); fmt.Sprintf("%.2f", r) != "4.48" {
		t.Errorf("#777 on white is %.2f, want 4.48", r)
	}
}

// TestColoursAreNamedOnlyInTokens keeps components to intents, so that a brand
// and the dark mode reach everything.
func TestColoursAreNamedOnlyInTokens(t *testing.T) {
	color := regexp.MustCompile(`#[0-9a-fA-F]{3,8}\b|\b(?:rgba?|hsla?|oklch|oklab)\(`)
	data := regexp.MustCompile(`url\("[^"]*"\)`)
	for name, css := range sheets(t) {
		if name == "tokens.css" {
			continue
		}
		for i, line := range strings.Split(css, "\n") {
			if found := color.FindString(data.ReplaceAllString(line, "")); found != "" {
				t.Errorf("%s:%d names the colour %s; use a token", name, i+1, found)
			}
		}
	}
}

func sheets(t *testing.T) map[string]string {
	t.Helper()
	names, err := fs.Glob(Base(), "assets/css/*.css")
	if err != nil || len(names) == 0 {
		t.Fatalf("no style sheets: %v", err)
	}
	slices.Sort(names)
	out := map[string]string{}
	for _, name := range names {
		data, err := fs.ReadFile(Base(), name)
		if err != nil {
			t.Fatal(err)
		}
		out[strings.TrimPrefix(name, "assets/css/")] = string(data)
	}
	return out
}
