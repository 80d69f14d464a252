package site

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/callboard-portal/callboard/generator/diag"
)

// Brand is a company's look, from brand.yaml. Empty fields leave the theme's own.
type Brand struct {
	// Accent colors links and buttons; #rgb or #rrggbb. From it come the
	// shades for hovering, tints, text on the accent, and the dark mode.
	Accent string
	// Accent2 is for decoration, where nothing has to be read.
	Accent2 string
	// Radius is the rounding of corners, a CSS length.
	Radius string
	// Density is "comfortable" or "compact".
	Density string
	// Font is a CSS list of font family names.
	Font string
	// Pos is where the brand is written, for diagnostics.
	Pos diag.Pos
}

// minContrast is what WCAG 2.2 asks of text at level AA (1.4.3).
const minContrast = 4.5

// The backgrounds that an accent has to be readable on: page, surface and
// raised surface of the base theme's tokens, in the light and the dark mode.
var (
	lightGrounds = []rgb{mustColor("#ffffff"), mustColor("#f6f7f9")}
	darkGrounds  = []rgb{mustColor("#101418"), mustColor("#181d23"), mustColor("#1d232a")}
)

func mustColor(s string) rgb {
	c, ok := parseColor(s)
	if !ok {
		panic("bad color " + s) // only for the constants above
	}
	return c
}

var (
	safeLength = regexp.MustCompile(`^\d{1,3}(\.\d{1,3})?(px|rem|em)?$`)
	safeFont   = regexp.MustCompile(`^[\pL\pN _,'"-]{1,300}$`)
)

// CSS returns the brand as a style sheet of custom properties in the cascade
// layer "brand", empty for no brand. An accent that could not be read on the
// page is made darker, which a diagnostic says; values that are no color,
// length or font name are left out with a diagnostic.
func (b Brand) CSS() (string, diag.List) {
	var found diag.List
	var css strings.Builder
	property := func(name, value string) { fmt.Fprintf(&css, "    %s: %s;\n", name, value) }
	if accent, ok := b.color(&found, "accent", b.Accent); ok {
		b.addAccent(property, &found, accent)
	}
	if accent, ok := b.color(&found, "accent2", b.Accent2); ok {
		property("--cb-accent-2", accent.String())
	}
	if b.valid(&found, "radius", b.Radius, safeLength.MatchString(b.Radius), "a CSS length, such as 0.5rem or 8px") {
		property("--cb-radius", b.Radius)
	}
	if b.valid(&found, "density", b.Density, b.Density == "compact" || b.Density == "comfortable", `"comfortable" or "compact"`) && b.Density == "compact" {
		property("--cb-density", "0.6")
	}
	if b.valid(&found, "font", b.Font, safeFont.MatchString(b.Font) && balanced(b.Font), "CSS font family names with commas between them") {
		property("--cb-font", b.Font)
	}
	if css.Len() == 0 {
		return "", found
	}
	return "@layer brand {\n  :root {\n" + css.String() + "  }\n}\n", found
}

// valid reports whether a field is there and good, and adds a diagnostic if it
// is there and bad.
func (b Brand) valid(found *diag.List, field, value string, good bool, want string) bool {
	if value != "" && !good {
		found.Add(diag.Diagnostic{
			Code: "brand-value", Severity: diag.Error, Pos: b.Pos, Field: field,
			Message: fmt.Sprintf("%s %q cannot be used", field, value),
			Hint:    "write " + want + "; the theme's own is used instead",
		})
	}
	return value != "" && good
}

func (b Brand) color(found *diag.List, field, value string) (rgb, bool) {
	c, ok := parseColor(value)
	return c, b.valid(found, field, value, ok, "a color as #rgb or #rrggbb")
}

// balanced reports whether every quoted name ends.
func balanced(font string) bool {
	return strings.Count(font, `"`)%2 == 0 && strings.Count(font, `'`)%2 == 0
}

// accents are the shades of one mode.
type accents struct{ accent, hover, tint, on rgb }

func (b Brand) addAccent(property func(name, value string), found *diag.List, accent rgb) {
	light, dark := lightAccents(accent), darkAccents(accent)
	if light.accent.String() != accent.String() {
		found.Add(diag.Diagnostic{
			Code: "brand-contrast", Severity: diag.Info, Pos: b.Pos, Field: "accent",
			Message: fmt.Sprintf("accent %q is too pale to read on the page (%.1f:1); links and buttons use %q instead",
				b.Accent, contrast(accent, lightGrounds[1]), light.accent),
			Hint: fmt.Sprintf("text needs a contrast of %.1f:1; write accent2 to keep the color itself for decoration", minContrast),
		})
	}
	for _, p := range []struct {
		name        string
		light, dark rgb
	}{
		{"--cb-accent", light.accent, dark.accent},
		{"--cb-accent-hover", light.hover, dark.hover},
		{"--cb-accent-tint", light.tint, dark.tint},
		{"--cb-on-accent", light.on, dark.on},
		{"--cb-focus", light.accent, dark.accent},
	} {
		property(p.name, fmt.Sprintf("light-dark(%s, %s)", p.light, p.dark))
	}
}

// lightAccents keeps the accent if it can be read, and makes it darker if not.
func lightAccents(accent rgb) accents {
	base := accent.oklch()
	tint := oklch{0.955, min(base.c*0.15, 0.025), base.h}.rgb().rounded()
	for readable(accent, append(lightGrounds[:2:2], tint)) < minContrast {
		base.l -= 0.005
		accent = base.rgb().rounded()
	}
	hover := oklch{max(base.l-0.1, 0), base.c, base.h}.rgb()
	return accents{accent, hover, tint, textOn(accent, base)}
}

// darkAccents makes the accent light enough for the dark mode.
func darkAccents(accent rgb) accents {
	base := accent.oklch()
	tint := oklch{0.26, min(base.c*0.3, 0.045), base.h}.rgb().rounded()
	base.l = max(base.l, 0.75)
	accent = base.rgb().rounded()
	for readable(accent, append(darkGrounds[:3:3], tint)) < minContrast {
		base.l += 0.005
		accent = base.rgb().rounded()
	}
	hover := oklch{min(base.l+0.07, 1), base.c, base.h}.rgb()
	return accents{accent, hover, tint, textOn(accent, base)}
}

// readable returns the lowest contrast of a color with the grounds.
func readable(c rgb, grounds []rgb) float64 {
	lowest := 21.0
	for _, g := range grounds {
		lowest = min(lowest, contrast(c, g))
	}
	return lowest
}

// textOn returns white, or a very dark shade of the color, whichever reads
// better on it. One of the two always has enough contrast.
func textOn(c rgb, shade oklch) rgb {
	white := rgb{1, 1, 1}
	dark := oklch{0.15, min(shade.c*0.3, 0.03), shade.h}.rgb().rounded()
	if contrast(c, white) >= contrast(c, dark) {
		return white
	}
	return dark
}
