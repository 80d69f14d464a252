package catalog

import (
	"testing"

	"github.com/callboard-portal/callboard/generator/checkout"
)

// TestAddressesOfFoldersOfOneRepository: two checkouts are folders of the
// same repository, and an address leads into one of them, or into neither.
func TestAddressesOfFoldersOfOneRepository(t *testing.T) {
	folder := func(prefix string) *repo {
		return &repo{Checkout: &checkout.Checkout{Name: prefix, Ref: "main",
			Web: checkout.Web{Host: "github", Base: "https://github.com/acme/mono", Branch: "main", Prefix: prefix}}}
	}
	a := knownAddresses([]*repo{folder("docs"), folder("org/teams")})
	for address, want := range map[string]string{
		"https://github.com/acme/mono/blob/main/docs/a.yaml":        "docs a.yaml",
		"https://github.com/acme/mono/blob/main/org/teams/b/c.yaml": "org/teams b/c.yaml",
		"https://github.com/acme/mono/blob/main/org/d.yaml":         "",
	} {
		got := ""
		if r, file, ok := a.find(address); ok {
			got = r.Name + " " + file
		}
		if got != want {
			t.Errorf("%s is %q, want %q", address, got, want)
		}
	}
}
