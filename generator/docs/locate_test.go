package docs

import (
	"testing"

	"github.com/callboard-portal/callboard/generator/checkout"
)

// TestAddressIntoAFolderOfARepository: the checkout's tree is one folder of
// the repository that the address names.
func TestAddressIntoAFolderOfARepository(t *testing.T) {
	c := &checkout.Checkout{Ref: "main", Web: checkout.Web{Branch: "main", Prefix: "content"}}
	for rest, want := range map[string]string{
		"tree/main/content/docs/": "docs",
		"tree/main/content":       ".",
		"tree/main/other/docs":    "",
		"":                        "",
	} {
		if got, ok := repositoryPath(rest, c); ok != (want != "") || got != want {
			t.Errorf("%q leads to %q, want %q", rest, got, want)
		}
	}
}
