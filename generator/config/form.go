package config

import (
	"errors"
	"math"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// pattern is a form that a string must have. The expression is one that both
// Go and JSON Schema (ECMA 262) understand; check, where it is set, is
// stricter than an expression can be.
type pattern struct {
	name  string // for the message: "must be <name>"
	form  *regexp.Regexp
	check func(string) bool
}

func (p *pattern) matches(s string) bool {
	return p.form.MatchString(s) && (p.check == nil || p.check(s))
}

var (
	webAddress = &pattern{"an address such as https://portal.example.com/", regexp.MustCompile(`^https?://[^\s]+$`), isWebAddress}
	linkTarget = &pattern{"an address (https:, http:, mailto:) or a path that begins with /", regexp.MustCompile(`^(https?://|mailto:|/)[^\s]*$`), isLinkTarget}
	langTag    = &pattern{"a language tag such as en or pt-BR", regexp.MustCompile(`^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$`), nil}
	color      = &pattern{"a color such as #2f5ea8", regexp.MustCompile(`^#([0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})$`), nil}
	length     = &pattern{"a length such as 6px or 0.4rem", regexp.MustCompile(`^[0-9]{1,3}(\.[0-9]{1,3})?(px|rem|em)?$`), nil}
	fontName   = &pattern{"font names separated by commas", regexp.MustCompile(`^[A-Za-z0-9 ,'"-]{1,200}$`), nil}
	kindName   = &pattern{"a kind such as Cluster: letters and digits, beginning with a letter", regexp.MustCompile(`^[A-Za-z][A-Za-z0-9]{0,62}$`), nil}
	apiVersion = &pattern{"an apiVersion such as acme.example/v1", regexp.MustCompile(`^([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[A-Za-z0-9]{1,63}$`), nil}
	relation   = &pattern{"a relation such as deployedTo: letters, digits and _", regexp.MustCompile(`^[A-Za-z0-9_]{1,63}$`), nil}
	fieldPath  = &pattern{"a field of spec such as spec.cluster", regexp.MustCompile(`^spec(\.[A-Za-z0-9_-]+)+$`), nil}
	hostName   = &pattern{"a host such as example.com, *.example.com or example.com:8443", regexp.MustCompile(`^(\*\.)?[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?$`), nil}
	sourceName = &pattern{"a name of letters, digits, and . _ - / between them", regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9._/-]*[A-Za-z0-9])?$`), nil}
)

func isWebAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Host != "" && u.User == nil && u.RawQuery == "" && u.Fragment == ""
}

func isLinkTarget(s string) bool {
	u, err := url.Parse(s)
	return err == nil && !strings.HasPrefix(s, "//") && (u.Scheme == "" || u.Scheme == "mailto" || u.Host != "")
}

var sizeUnits = map[string]float64{
	"": 1, "B": 1, "KB": 1e3, "MB": 1e6, "GB": 1e9, "KIB": 1 << 10, "MIB": 1 << 20, "GIB": 1 << 30,
}

// parseSize reads "200MB", "64 KiB" or a plain number of bytes.
func parseSize(s string) (Size, error) {
	digits := strings.TrimLeft(s, "0123456789.")
	n, err := strconv.ParseFloat(s[:len(s)-len(digits)], 64)
	unit, known := sizeUnits[strings.ToUpper(strings.TrimSpace(digits))]
	if err != nil || !known || n*unit <= 0 || n*unit > math.MaxInt64/2 {
		return 0, errors.New("a size such as 200MB or 64KiB")
	}
	return Size(n * unit), nil
}

// parseDuration reads Go's durations and "7d".
func parseDuration(s string) (time.Duration, error) {
	if days, ok := strings.CutSuffix(s, "d"); ok {
		if n, err := strconv.ParseUint(days, 10, 16); err == nil && n > 0 {
			return time.Duration(n) * 24 * time.Hour, nil
		}
	}
	d, err := time.ParseDuration(s)
	if err != nil || d <= 0 {
		return 0, errors.New("a length of time such as 90s, 5m, 2h or 7d")
	}
	return d, nil
}

// parseDepth reads "none", "full" or a number of commits.
func parseDepth(s string) (Depth, error) {
	switch s {
	case "none":
		return NoHistory, nil
	case "full":
		return FullHistory, nil
	}
	n, err := strconv.ParseUint(s, 10, 20)
	if err != nil || n == 0 {
		return 0, errors.New("none, full or a number of commits")
	}
	return Depth(n), nil
}
