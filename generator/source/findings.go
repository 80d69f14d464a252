package source

import (
	"fmt"

	"github.com/callboard-portal/callboard/generator/diag"
)

// maxRepeats bounds the diagnostics of one code and source; the rest is counted.
const maxRepeats = 10

// findings collects the diagnostics of one source. It is not safe for
// concurrent use; every source has its own.
type findings struct {
	source string   // names the source in positions inside its tree
	pos    diag.Pos // where the source's entry stands in callboard.yaml
	list   diag.List
	counts map[string]int
}

// entry reports something about the source as a whole, at its entry.
func (f *findings) entry(code, hint, format string, args ...any) {
	f.list.Add(diag.Diagnostic{Code: code, Severity: severity(code), Pos: f.pos, Message: fmt.Sprintf(format, args...), Hint: hint})
}

// file reports something about a path in the source's tree.
func (f *findings) file(code, path, hint, format string, args ...any) {
	if f.counts == nil {
		f.counts = map[string]int{}
	}
	f.counts[code]++
	if f.counts[code] > maxRepeats {
		return
	}
	f.list.Add(diag.Diagnostic{Code: code, Severity: severity(code), Pos: diag.Pos{Source: f.source, File: path},
		Message: fmt.Sprintf(format, args...), Hint: hint})
}

// done returns the list, with a line for each code whose repeats were cut.
func (f *findings) done() diag.List {
	for _, r := range Rules {
		if n := f.counts[r.Code] - maxRepeats; n > 0 {
			f.list.Add(diag.Diagnostic{Code: r.Code, Severity: r.Severity, Pos: diag.Pos{Source: f.source},
				Message: fmt.Sprintf("%d more findings of this kind are not listed", n)})
		}
	}
	f.list.Sort()
	return f.list
}

func severity(code string) diag.Severity {
	for _, r := range Rules {
		if r.Code == code {
			return r.Severity
		}
	}
	panic("source: code " + code + " is not in Rules")
}
