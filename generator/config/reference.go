package config

import (
	"strconv"
	"strings"
	"time"

	"github.com/callboard-portal/callboard/generator/secret"
)

// Key describes one key of callboard.yaml or brand.yaml, for the manual.
type Key struct {
	// Path leads to the key, such as "sources[].auth.token"; [] stands for
	// each element of a list.
	Path string
	// Type is what may stand there, in words, such as "text or a list of texts".
	Type string
	// Default is what counts when the key is absent; empty for nothing.
	Default string
	// Form is what a text must look like, often with an example; empty for any.
	Form string
	// Doc says what the key means, in one or two sentences.
	Doc string
	// Required says that its section makes no sense without it; Later that it
	// is known and not used by this version.
	Required, Later bool
}

// Keys returns every key of callboard.yaml in the order of the manual, made
// from the same lists that the decoder works by.
func Keys() []Key {
	c := Default()
	return keysOf("", &c)
}

// BrandKeys returns the same for brand.yaml.
func BrandKeys() []Key {
	b := DefaultBrand()
	return keysOf("", &b)
}

func keysOf(prefix string, s section) []Key {
	var out []Key
	for _, f := range s.fields() {
		k := Key{Path: prefix + f.key, Doc: f.doc, Required: f.required, Later: f.later}
		if f.pattern != nil {
			k.Form = f.pattern.name
		}
		below, elements := section(nil), ""
		switch to := f.to.(type) {
		case section:
			k.Type, below = "section", to
		case optional:
			k.Type, below = "section", to.element()
		case list:
			k.Type, below, elements = "list of sections", to.element(), "[]"
		default:
			k.Type, k.Default = scalarWords(f)
		}
		out = append(out, k)
		if below != nil {
			out = append(out, keysOf(k.Path+elements+".", below)...)
		}
	}
	return out
}

// scalarWords returns a field's type and default in words.
func scalarWords(f field) (words, def string) {
	switch to := f.to.(type) {
	case *bool:
		return "true or false", strconv.FormatBool(*to)
	case *int:
		if *to != 0 {
			def = strconv.Itoa(*to)
		}
		return "number", def
	case *Size:
		return "size", sizeWords(*to)
	case *Depth:
		return "none, full or a number", depthWords(*to)
	case *time.Duration:
		if *to != 0 {
			def = durationWords(*to)
		}
		return "length of time", def
	case *secret.Secret:
		return "secret", ""
	case *KindSchema:
		return "JSON Schema, or the path of one", ""
	case *Patterns:
		return "text or a list of texts", strings.Join(*to, ", ")
	case *string:
		if len(f.enum) > 0 {
			return strings.Join(f.enum, " or "), *to
		}
		return "text", *to
	}
	return "", ""
}

func sizeWords(n Size) string {
	switch {
	case n == 0:
		return ""
	case n%1e6 == 0:
		return strconv.FormatInt(int64(n/1e6), 10) + "MB"
	}
	return strconv.FormatInt(int64(n), 10)
}

func depthWords(d Depth) string {
	switch d {
	case NoHistory:
		return "none"
	case FullHistory:
		return "full"
	}
	return strconv.Itoa(int(d))
}

// durationWords drops the zero parts that Go writes: "2m0s" is "2m".
func durationWords(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}
