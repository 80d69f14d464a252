package entity

import "testing"

// FuzzParseRef checks that what parses prints as something that parses to the
// same ref, and that its key is canonical.
func FuzzParseRef(f *testing.F) {
	for _, s := range []string{"a", "component:a", "ns/a", "API:Ns/A", "a:b/c", "a/b:c", ":a", "a:", "/a", "a/", "", "user:default/ada.l", "a:b:c", "ä", "a b"} {
		f.Add(s, true)
		f.Add(s, false)
	}
	f.Fuzz(func(t *testing.T, s string, defaults bool) {
		kind, namespace := "", ""
		if defaults {
			kind, namespace = "Component", "shop"
		}
		r, err := ParseRef(s, kind, namespace)
		if err != nil {
			return
		}
		if r.Kind == "" || r.Namespace == "" || r.Name == "" {
			t.Fatalf("ParseRef(%q) has an empty part: %#v", s, r)
		}
		for _, form := range []string{r.String(), r.Key()} {
			again, err := ParseRef(form, "", "")
			if err != nil {
				t.Fatalf("%q does not parse: %v", form, err)
			}
			if again.Key() != r.Key() || again.Compare(r) != 0 {
				t.Fatalf("%q became %q", r.Key(), again.Key())
			}
		}
	})
}
