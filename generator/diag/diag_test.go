package diag

import (
	"encoding/json"
	"slices"
	"testing"
)

func TestNearest(t *testing.T) {
	words := []string{"build", "check", "demo", "search", "group:default/payments", "orders-db"}
	for _, c := range []struct{ word, want string }{
		{"biuld", "build"}, {"Chekc", "check"}, {"serach", "search"}, {"group:default/paymnts", "group:default/payments"},
		{"order-db", "orders-db"}, {"zzz", ""}, {"", ""}, {"d", ""}, {"demonstration", ""},
	} {
		got, ok := Nearest(c.word, words)
		if !ok {
			got = ""
		}
		if got != c.want {
			t.Errorf("Nearest(%q) = %q, want %q", c.word, got, c.want)
		}
	}
}

func TestSortIgnoresTheOrderOfWork(t *testing.T) {
	a := Diagnostic{Code: "a", Severity: Error, Pos: Pos{File: "x", Line: 2}, Message: "m"}
	b := Diagnostic{Code: "b", Severity: Warning, Pos: Pos{File: "x", Line: 2}, Message: "m"}
	c := Diagnostic{Code: "c", Pos: Pos{File: "x", Line: 10}, Message: "m"}
	one, two := List{c, b, a, b}, List{b, a, b, c}
	one.Sort()
	two.Sort()
	want := []string{"a", "b", "c"}
	for _, l := range []List{one, two} {
		var got []string
		for _, d := range l {
			got = append(got, d.Code)
		}
		if !slices.Equal(got, want) {
			t.Errorf("order %v, want %v", got, want)
		}
	}
	if w, ok := one.Worst(); !ok || w != Error || one.Count(Warning) != 1 {
		t.Errorf("worst %v %v, %d warnings", w, ok, one.Count(Warning))
	}
}

func TestDiagnosticText(t *testing.T) {
	d := Diagnostic{Code: "ref-dangling", Severity: Warning, Pos: Pos{Source: "shop", File: "a.yaml", Line: 3, Column: 5}, Message: `owner "x" does not exist`}
	if got, want := d.String(), `shop: a.yaml:3:5: warning: owner "x" does not exist [ref-dangling]`; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	b, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	var back Diagnostic
	if err := json.Unmarshal(b, &back); err != nil || back.String() != d.String() {
		t.Errorf("%s came back as %v (%v)", b, back, err)
	}
}

func TestCountSaysItAsPeopleDo(t *testing.T) {
	for _, c := range []struct {
		n          int
		noun, want string
	}{
		{1, "page", "1 page"}, {2, "page", "2 pages"}, {0, "entity", "0 entities"}, {3, "day", "3 days"},
		{2, "Switch", "2 Switches"}, {2, "address", "2 addresses"}, {2, "y", "2 ys"},
	} {
		if got := Count(c.n, c.noun); got != c.want {
			t.Errorf("Count(%d, %q) = %q, want %q", c.n, c.noun, got, c.want)
		}
	}
}
