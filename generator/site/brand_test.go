package site

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/callboard-portal/callboard/generator/diag"
)

// Every accent there is, more or less, gives shades that can be read.
func TestEveryAccentIsReadable(t *testing.T) {
	for r := 0; r <= 255; r += 17 {
		for g := 0; g <= 255; g += 17 {
			for b := 0; b <= 255; b += 17 {
				accent := mustColor(fmt.Sprintf("#%02x%02x%02x", r, g, b))
				checkAccents(t, accent, lightAccents(accent), lightGrounds)
				checkAccents(t, accent, darkAccents(accent), darkGrounds)
			}
		}
	}
}

func checkAccents(t *testing.T, from rgb, a accents, grounds []rgb) {
	t.Helper()
	for what, ratio := range map[string]float64{
		"accent on the page":  readable(a.accent, grounds),
		"accent on its tint":  contrast(a.accent, a.tint),
		"text on the accent":  contrast(a.on, a.accent),
		"hovering on page":    readable(a.hover.rounded(), grounds),
		"text while hovering": contrast(a.on, a.hover.rounded()),
	} {
		if ratio < minContrast {
			t.Errorf("%s: %s has only %.2f:1", from, what, ratio)
		}
	}
}

func TestReadableAccentIsKept(t *testing.T) {
	css, found := Brand{Accent: "#2456c9"}.CSS()
	if len(found) != 0 || !strings.Contains(css, "--cb-accent: light-dark(#2456c9, #") {
		t.Errorf("%s%v", css, found)
	}
}

func TestContrastIsThatOfWCAG(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want string
	}{
		{"#000", "#fff", "21.00"}, {"#777777", "#ffffff", "4.48"}, {"#5a6472", "#ffffff", "6.00"}, {"#ff0000", "#ffffff", "4.00"},
	} {
		if got := fmt.Sprintf("%.2f", contrast(mustColor(c.a), mustColor(c.b))); got != c.want {
			t.Errorf("%s on %s: %s, want %s", c.a, c.b, got, c.want)
		}
	}
}

func TestColorsSurviveOKLCH(t *testing.T) {
	for _, s := range []string{"#000000", "#ffffff", "#2456c9", "#ff0000", "#00ff00", "#0000ff", "#808080", "#fdf3d8"} {
		if got := mustColor(s).oklch().rgb().String(); got != s {
			t.Errorf("%s became %s", s, got)
		}
	}
}

func TestBrandBecomesCustomProperties(t *testing.T) {
	css, found := Brand{Accent: "#0a7", Accent2: "#FFCC00", Radius: "4px", Density: "compact", Font: `"Source Sans 3", system-ui`}.CSS()
	want := "@layer brand {\n  :root {\n    --cb-accent: light-dark(#"
	if !strings.HasPrefix(css, want) {
		t.Errorf("got %s", css)
	}
	for _, line := range []string{"--cb-accent-2: #ffcc00;", "--cb-radius: 4px;", "--cb-density: 0.6;", `--cb-font: "Source Sans 3", system-ui;`} {
		if !strings.Contains(css, line) {
			t.Errorf("%s is missing in %s", line, css)
		}
	}
	if len(found) != 1 || found[0].Code != "brand-contrast" || found[0].Severity != diag.Info {
		t.Errorf("#0a7 is too pale by a little, which is worth a word: %v", found)
	}
	if css, found := (Brand{}).CSS(); css != "" || len(found) != 0 {
		t.Errorf("no brand: %q, %v", css, found)
	}
}

func FuzzBrand(f *testing.F) {
	f.Add("#2456c9", "0.5rem", `"Inter", sans-serif`)
	f.Add("#fff", "1px}", "a{}")
	f.Add("#12345g", "calc(1px)", `x"; } body { color: red`)
	property := regexp.MustCompile(`^    --cb-[a-z0-9-]+: [^{};<>@\\]+;$`)
	f.Fuzz(func(t *testing.T, accent, radius, font string) {
		css, _ := Brand{Accent: accent, Accent2: accent, Radius: radius, Font: font}.CSS()
		if css == "" {
			return
		}
		lines := strings.Split(strings.TrimSuffix(css, "\n"), "\n")
		for _, line := range lines[2 : len(lines)-2] {
			if !property.MatchString(line) {
				t.Errorf("%q is no harmless property", line)
			}
		}
	})
}
