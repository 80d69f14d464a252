package sanitize

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
)

// svgElements are the elements of SVG that draw. Absent on purpose: script,
// foreignObject, style, animation (which can set href), image with addresses
// elsewhere, and links.
var svgElements = strings.Fields(`svg g defs symbol use path rect circle ellipse line polyline polygon text tspan textPath
	title desc metadata marker mask clipPath pattern linearGradient radialGradient stop switch image
	filter feBlend feColorMatrix feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight
	feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feMerge feMergeNode feMorphology feOffset fePointLight
	feSpecularLighting feSpotLight feTile feTurbulence`)

const svgMaxDepth = 256

// SVG returns an SVG file with everything left out that runs, loads or links:
// only drawing elements stay, references only lead inside the file, entities
// and processing instructions vanish. It returns an error for what is not XML.
func SVG(src []byte) ([]byte, error) {
	d := xml.NewDecoder(bytes.NewReader(src))
	d.Strict = true
	d.Entity = map[string]string{}
	d.CharsetReader = func(string, io.Reader) (io.Reader, error) { return nil, errors.New("only UTF-8 is supported") }
	var out bytes.Buffer
	var open []string
	skip := 0
	for {
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("read svg: %w", err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			if skip > 0 || t.Name.Space != "" && t.Name.Space != "svg" || !slices.Contains(svgElements, t.Name.Local) || len(open) >= svgMaxDepth {
				skip++
				continue
			}
			if len(open) == 0 && (t.Name.Local != "svg" || out.Len() > 0) {
				return nil, errors.New("read svg: the root is not one svg element")
			}
			svgStart(&out, t, len(open) == 0)
			open = append(open, t.Name.Local)
		case xml.EndElement:
			switch {
			case skip > 0:
				skip--
			case len(open) == 0 || open[len(open)-1] != t.Name.Local:
				return nil, errors.New("read svg: end tag without start tag")
			default:
				out.WriteString("</" + t.Name.Local + ">")
				open = open[:len(open)-1]
			}
		case xml.CharData:
			if skip == 0 && len(open) > 0 {
				_ = xml.EscapeText(&out, t) // writes to memory
			}
		}
	}
	if len(open) > 0 || skip > 0 || out.Len() == 0 {
		return nil, errors.New("read svg: the file is not complete")
	}
	return out.Bytes(), nil
}

func svgStart(out *bytes.Buffer, t xml.StartElement, root bool) {
	out.WriteString("<" + t.Name.Local)
	if root {
		out.WriteString(` xmlns="http://www.w3.org/2000/svg"`)
	}
	seen := map[string]bool{}
	for _, a := range t.Attr {
		name, ok := svgAttribute(a, t.Name.Local)
		if !ok || seen[name] {
			continue
		}
		seen[name] = true
		out.WriteString(" " + name + `="`)
		_ = xml.EscapeText(out, []byte(a.Value))
		out.WriteByte('"')
	}
	out.WriteByte('>')
}

// svgAttribute returns the name of an attribute that may stay.
func svgAttribute(a xml.Attr, element string) (string, bool) {
	name := a.Name.Local
	value := strings.ToLower(strings.Join(strings.Fields(a.Value), ""))
	switch {
	case a.Name.Space == "xlink" && name == "href" || a.Name.Space == "" && name == "href":
		if element == "image" {
			return "href", isImageData(value)
		}
		return "href", strings.HasPrefix(value, "#")
	case a.Name.Space == "xml" && name == "space":
		return "xml:space", value == "preserve" || value == "default"
	case a.Name.Space != "" || name == "xmlns" || len(name) > 1 && strings.EqualFold(name[:2], "on") || !isName(name):
		return "", false
	case name == "style":
		return name, safeStyle(value)
	}
	return name, localURLs(value)
}

// safeStyle lets through declarations that load nothing.
func safeStyle(value string) bool {
	return localURLs(value) && !strings.ContainsAny(value, `\@`) && !strings.Contains(value, "expression") && !strings.Contains(value, "/*")
}

// localURLs reports whether every url(…) leads inside the file.
func localURLs(value string) bool {
	for rest := value; ; {
		i := strings.Index(rest, "url(")
		if i < 0 {
			return !strings.Contains(value, "image(") && !strings.Contains(value, "image-set(") && !strings.Contains(value, "javascript:")
		}
		rest = strings.TrimLeft(rest[i+4:], `"'`)
		if !strings.HasPrefix(rest, "#") {
			return false
		}
	}
}

// SVGSize returns the size an SVG file asks for, in pixels, or zeros.
func SVGSize(src []byte) (width, height int) {
	d := xml.NewDecoder(bytes.NewReader(src))
	for range 50 {
		token, err := d.RawToken()
		if err != nil {
			return 0, 0
		}
		t, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		var w, h float64
		var box []string
		for _, a := range t.Attr {
			switch a.Name.Local {
			case "width":
				w = pixels(a.Value)
			case "height":
				h = pixels(a.Value)
			case "viewBox":
				box = strings.FieldsFunc(a.Value, func(r rune) bool { return r == ' ' || r == ',' })
			}
		}
		if (w == 0 || h == 0) && len(box) == 4 {
			w, h = pixels(box[2]), pixels(box[3])
		}
		return int(math.Round(w)), int(math.Round(h))
	}
	return 0, 0
}

func pixels(s string) float64 {
	f, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(s), "px"), 64)
	if err != nil || !(f > 0 && f < 1<<16) {
		return 0
	}
	return f
}
