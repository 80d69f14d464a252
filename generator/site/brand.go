package site

import "github.com/callboard-portal/callboard/generator/diag"

// Brand is a company's look, from brand.yaml.
type Brand struct {
	Accent string
}

// CSS returns the brand as a style sheet of custom properties.
func (b Brand) CSS() (string, diag.List) { return "", nil }
