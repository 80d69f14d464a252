package docs

import (
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

func TestFolderNavs(t *testing.T) {
	fsys := mapFS(txtar.Parse([]byte(`
-- docs/.pages --
nav:
  - Start: index.md
  - ops
  - Status: https://status.example.com
  - ...
-- docs/index.md --
# Home
-- docs/b.md --
# B
-- docs/a.md --
# A
-- docs/ops/.pages --
title: Operations
order: desc
-- docs/ops/one.md --
# One
-- docs/ops/two.md --
# Two
-- docs/secret/.pages --
hide: true
-- docs/secret/x.md --
# X
-- docs/plain/y.md --
# Y
`)))
	site, diags := buildOne(t, "dir:.", fsys, Options{})
	var b strings.Builder
	printNav(&b, site.Nav, "")
	if want := `- Start /
- Operations 
  - Two /ops/two/
  - One /ops/one/
- Status https://status.example.com
- A /a/
- B /b/
- Plain 
  - Y /plain/y/
`; b.String() != want || len(diags) > 0 {
		t.Errorf("%v\n%s", diags, b.String())
	}
	if last := site.Pages[len(site.Pages)-1]; last.Path != "secret/x/" {
		t.Errorf("the hidden page is not last: %s", last.Path)
	}
}
