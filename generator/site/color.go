package site

import (
	"fmt"
	"math"
	"strconv"
)

// rgb is a color of sRGB, each part from 0 to 1.
type rgb struct{ r, g, b float64 }

// parseColor reads #rgb and #rrggbb.
func parseColor(s string) (rgb, bool) {
	if len(s) == 4 {
		s = string([]byte{'#', s[1], s[1], s[2], s[2], s[3], s[3]})
	}
	if len(s) != 7 || s[0] != '#' {
		return rgb{}, false
	}
	n, err := strconv.ParseUint(s[1:], 16, 32)
	if err != nil {
		return rgb{}, false
	}
	part := func(shift int) float64 { return float64(n>>shift&0xff) / 255 }
	return rgb{part(16), part(8), part(0)}, true
}

// String returns #rrggbb.
func (c rgb) String() string {
	part := func(v float64) int { return int(math.Round(255 * min(max(v, 0), 1))) }
	return fmt.Sprintf("#%02x%02x%02x", part(c.r), part(c.g), part(c.b))
}

// rounded returns the color as it comes back from its hexadecimal form, on
// which contrast is judged.
func (c rgb) rounded() rgb {
	out, _ := parseColor(c.String())
	return out
}

func linear(v float64) float64 {
	if v <= 0.04045 {
		return v / 12.92
	}
	return math.Pow((v+0.055)/1.055, 2.4)
}

func encoded(v float64) float64 {
	if v <= 0.0031308 {
		return 12.92 * v
	}
	return 1.055*math.Pow(v, 1/2.4) - 0.055
}

// luminance is the relative luminance of WCAG 2.2.
func (c rgb) luminance() float64 {
	return 0.2126*linear(c.r) + 0.7152*linear(c.g) + 0.0722*linear(c.b)
}

// contrast is the contrast ratio of WCAG 2.2, from 1 to 21.
func contrast(a, b rgb) float64 {
	la, lb := a.luminance(), b.luminance()
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

// oklch is a color by lightness (0 to 1), chroma and hue (radians), in which
// equal steps look equal: https://bottosson.github.io/posts/oklab/ (public domain).
type oklch struct{ l, c, h float64 }

func (c rgb) oklch() oklch {
	r, g, b := linear(c.r), linear(c.g), linear(c.b)
	l := math.Cbrt(0.4122214708*r + 0.5363325363*g + 0.0514459929*b)
	m := math.Cbrt(0.2119034982*r + 0.6806995451*g + 0.1073969566*b)
	s := math.Cbrt(0.0883024619*r + 0.2817188376*g + 0.6299787005*b)
	light := 0.2104542553*l + 0.7936177850*m - 0.0040720468*s
	x := 1.9779984951*l - 2.4285922050*m + 0.4505937099*s
	y := 0.0259040371*l + 0.7827717662*m - 0.8086757660*s
	return oklch{light, math.Hypot(x, y), math.Atan2(y, x)}
}

// rgb returns the color, with as much chroma as the screen can show at that
// lightness and hue.
func (c oklch) rgb() rgb {
	if out, ok := c.plain(); ok {
		return out
	}
	low, high := 0.0, c.c
	for range 24 {
		c.c = (low + high) / 2
		if _, ok := c.plain(); ok {
			low = c.c
		} else {
			high = c.c
		}
	}
	c.c = low
	out, _ := c.plain()
	return out
}

func (c oklch) plain() (rgb, bool) {
	x, y := c.c*math.Cos(c.h), c.c*math.Sin(c.h)
	cube := func(v float64) float64 { return v * v * v }
	l := cube(c.l + 0.3963377774*x + 0.2158037573*y)
	m := cube(c.l - 0.1055613458*x - 0.0638541728*y)
	s := cube(c.l - 0.0894841775*x - 1.2914855480*y)
	out := rgb{
		encoded(4.0767416621*l - 3.3077115913*m + 0.2309699292*s),
		encoded(-1.2684380046*l + 2.6097574011*m - 0.3413193965*s),
		encoded(-0.0041960863*l - 0.7034186147*m + 1.7076147010*s),
	}
	const slack = 1e-4
	for _, v := range []float64{out.r, out.g, out.b} {
		if math.IsNaN(v) || v < -slack || v > 1+slack {
			return out, false
		}
	}
	return out, true
}
