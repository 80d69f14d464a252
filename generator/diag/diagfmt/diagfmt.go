// Package diagfmt writes diagnostics in the formats that other programs read:
// JSON, SARIF, GitHub workflow commands, GitLab Code Quality and JUnit. The
// terminal's own format lives in cmd/callboard.
package diagfmt

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/callboard-portal/callboard/generator/diag"
)

// Format is a named way of writing a list.
type Format struct {
	Name  string
	Write func(w io.Writer, list diag.List, rules []diag.Rule) error
}

// Formats lists all formats of this package.
var Formats = []Format{
	{"json", writeJSON},
	{"sarif", writeSARIF},
	{"github", writeGitHub},
	{"gitlab", writeGitLab},
	{"junit", writeJUnit},
}

func indented(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

func writeJSON(w io.Writer, list diag.List, _ []diag.Rule) error {
	if list == nil {
		list = diag.List{}
	}
	return indented(w, struct {
		Version     int       `json:"version"`
		Diagnostics diag.List `json:"diagnostics"`
	}{1, list})
}

// path is where a finding is, as a path below the folder that was checked.
// Findings about no file are laid at callboard.yaml's door, since formats for
// code review need one.
func path(d diag.Diagnostic) string {
	if d.Pos.File != "" {
		return d.Pos.File
	}
	return "callboard.yaml"
}

func text(d diag.Diagnostic) string {
	if d.Hint == "" {
		return d.Message
	}
	return d.Message + "\n" + d.Hint
}

// fingerprint names a finding independently of its line, so that moving code
// does not make it new.
func fingerprint(d diag.Diagnostic, repeat int) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{d.Code, d.Pos.Source, d.Pos.File, d.Entity, d.Field, d.Message, strconv.Itoa(repeat)}, "\x00")))
	return hex.EncodeToString(sum[:16])
}

// fingerprints returns one for each finding, distinct within the list.
func fingerprints(list diag.List) []string {
	seen, out := map[string]int{}, make([]string, len(list))
	for i, d := range list {
		f := fingerprint(d, 0)
		if n := seen[f]; n > 0 {
			out[i] = fingerprint(d, n)
		} else {
			out[i] = f
		}
		seen[f]++
	}
	return out
}

// GitHub shows at most ten annotations of each kind for a step, so the worst
// come first and the last place says how many are left.
// https://docs.github.com/actions/reference/workflow-commands-for-github-actions
func writeGitHub(w io.Writer, list diag.List, _ []diag.Rule) error {
	const most = 10
	kinds := []struct {
		severity diag.Severity
		command  string
	}{{diag.Error, "error"}, {diag.Warning, "warning"}, {diag.Info, "notice"}}
	for _, k := range kinds {
		total, written := list.Count(k.severity), 0
		for _, d := range list {
			if d.Severity != k.severity {
				continue
			}
			if written == most-1 && total > most {
				if _, err := fmt.Fprintf(w, "::%s title=callboard::%s\n", k.command, githubData(fmt.Sprintf("%d more of this severity; run callboard check to see them all", total-written))); err != nil {
					return err
				}
				break
			}
			props := []string{"file=" + githubProperty(path(d))}
			if d.Pos.Line > 0 {
				props = append(props, "line="+strconv.Itoa(d.Pos.Line))
			}
			if d.Pos.Column > 0 {
				props = append(props, "col="+strconv.Itoa(d.Pos.Column))
			}
			props = append(props, "title="+githubProperty(d.Code))
			if _, err := fmt.Fprintf(w, "::%s %s::%s\n", k.command, strings.Join(props, ","), githubData(text(d))); err != nil {
				return err
			}
			written++
		}
	}
	return nil
}

var (
	escapeData     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	escapeProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

func githubData(s string) string     { return escapeData.Replace(s) }
func githubProperty(s string) string { return escapeProperty.Replace(s) }

// https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
func writeGitLab(w io.Writer, list diag.List, _ []diag.Rule) error {
	type lines struct {
		Begin int `json:"begin"`
	}
	type location struct {
		Path  string `json:"path"`
		Lines lines  `json:"lines"`
	}
	type issue struct {
		Description string   `json:"description"`
		CheckName   string   `json:"check_name"`
		Fingerprint string   `json:"fingerprint"`
		Severity    string   `json:"severity"`
		Location    location `json:"location"`
	}
	severities := map[diag.Severity]string{diag.Error: "major", diag.Warning: "minor", diag.Info: "info"}
	prints, issues := fingerprints(list), []issue{}
	for i, d := range list {
		issues = append(issues, issue{text(d), d.Code, prints[i], severities[d.Severity], location{path(d), lines{max(1, d.Pos.Line)}}})
	}
	return indented(w, issues)
}

// Code scanning keeps 5,000 results of a run; the worst come first.
// https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
func writeSARIF(w io.Writer, list diag.List, rules []diag.Rule) error {
	levels := map[diag.Severity]string{diag.Error: "error", diag.Warning: "warning", diag.Info: "note"}
	type object = map[string]any
	index, sarifRules := map[string]int{}, []object{}
	for _, r := range rules {
		index[r.Code] = len(sarifRules)
		sarifRules = append(sarifRules, object{
			"id": r.Code, "shortDescription": object{"text": r.Summary}, "help": object{"text": r.Explain, "markdown": r.Explain},
			"defaultConfiguration": object{"level": levels[r.Severity]},
		})
	}
	prints, order := fingerprints(list), make([]int, len(list))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return int(list[b].Severity) - int(list[a].Severity) })
	results := []object{}
	for _, i := range order[:min(len(order), 5000)] {
		d := list[i]
		region := object{"startLine": max(1, d.Pos.Line)}
		if d.Pos.Column > 0 {
			region["startColumn"] = d.Pos.Column
		}
		result := object{
			"ruleId": d.Code, "level": levels[d.Severity], "message": object{"text": text(d)},
			"partialFingerprints": object{"callboard/v1": prints[i]},
			"locations": []object{{"physicalLocation": object{
				"artifactLocation": object{"uri": (&url.URL{Path: path(d)}).String(), "uriBaseId": "%SRCROOT%"}, "region": region,
			}}},
		}
		if n, ok := index[d.Code]; ok {
			result["ruleIndex"] = n
		}
		results = append(results, result)
	}
	return indented(w, object{
		"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0",
		"runs": []object{{
			"tool":       object{"driver": object{"name": "callboard", "informationUri": "https://github.com/callboard-portal/callboard", "rules": sarifRules}},
			"columnKind": "unicodeCodePoints", "results": results,
		}},
	})
}

// JUnit: one test case for each file with findings, failed where there is an error or warning.
func writeJUnit(w io.Writer, list diag.List, _ []diag.Rule) error {
	type failure struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr"`
		Text    string `xml:",chardata"`
	}
	type testcase struct {
		Name     string    `xml:"name,attr"`
		Class    string    `xml:"classname,attr"`
		Failures []failure `xml:"failure"`
		Output   string    `xml:"system-out,omitempty"`
	}
	type suite struct {
		XMLName  xml.Name   `xml:"testsuite"`
		Name     string     `xml:"name,attr"`
		Tests    int        `xml:"tests,attr"`
		Failures int        `xml:"failures,attr"`
		Cases    []testcase `xml:"testcase"`
	}
	s := suite{Name: "callboard check"}
	for _, d := range list {
		c := testcase{Name: d.String(), Class: path(d)}
		if d.Severity >= diag.Warning {
			c.Failures = []failure{{Message: xmlText(d.Message), Type: d.Code, Text: xmlText(d.String() + "\n" + d.Hint)}}
			s.Failures++
		} else {
			c.Output = xmlText(text(d))
		}
		c.Name = xmlText(c.Name)
		s.Cases = append(s.Cases, c)
	}
	if len(list) == 0 {
		s.Cases = []testcase{{Name: "no findings", Class: "callboard"}}
	}
	s.Tests = len(s.Cases)
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(s); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// xmlText drops characters that XML 1.0 cannot hold.
func xmlText(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' || r >= 0x20 && r != 0xfffe && r != 0xffff {
			return r
		}
		return -1
	}, s)
}
