package docs

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
)

// A few kilobytes of nav once made millions of entries.
func TestNavDoesNotMultiplyWithoutEnd(t *testing.T) {
	const n = 600
	var aliases, folders strings.Builder
	aliases.WriteString("nav:\n- &a\n")
	folders.WriteString("nav:\n")
	tree := fstest.MapFS{"docs/index.md": {Data: []byte("# x\n")}}
	for i := range n {
		fmt.Fprintf(&aliases, "  k%d: index.md\n", i)
		tree[fmt.Sprintf("docs/all/%d.md", i)] = &fstest.MapFile{Data: []byte("# x\n")}
	}
	for i := range n {
		aliases.WriteString("- *a\n")
		fmt.Fprintf(&folders, "- k%d: all\n", i)
	}
	for name, config := range map[string]string{"aliases": aliases.String(), "folders": folders.String()} {
		tree["mkdocs.yml"] = &fstest.MapFile{Data: []byte(config)}
		site, diags := buildOne(t, "dir:.", tree, Options{})
		if got := countNav(site.Nav); got > 3*maxNav || len(diags) > 10 {
			t.Errorf("%s: %d entries, %d findings", name, got, len(diags))
		}
	}
}

func countNav(items []*NavItem) int {
	n := len(items)
	for _, it := range items {
		n += countNav(it.Children)
	}
	return n
}
