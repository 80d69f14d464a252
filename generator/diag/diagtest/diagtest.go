// Package diagtest checks what every stage promises of its rules. It is for
// tests only.
package diagtest

import (
	"testing"

	"github.com/callboard-portal/callboard/generator/diag"
)

// Codes is a set of diagnostic codes. Add to it what a test's inputs
// produced, and hand it to [Codes.Cover].
type Codes map[string]bool

// Add notes the codes of a list.
func (c Codes) Add(list diag.List) {
	for _, d := range list {
		c[d.Code] = true
	}
}

// Cover fails the test for every rule that no input broke or that explains
// nothing, and for every code that is in none of the rules.
func (c Codes) Cover(t testing.TB, rules []diag.Rule) {
	t.Helper()
	known := map[string]bool{}
	for _, r := range rules {
		known[r.Code] = true
		if !c[r.Code] {
			t.Errorf("no input of this test breaks %s", r.Code)
		}
		if r.Summary == "" || r.Explain == "" {
			t.Errorf("%s is not explained", r.Code)
		}
	}
	for code := range c {
		if !known[code] {
			t.Errorf("%s is reported and in no list of rules", code)
		}
	}
}
