package checkouttest

import (
	"io/fs"
	"testing"
	"testing/fstest"
)

func TestTxtarBecomesATree(t *testing.T) {
	c := Txtar("payments/ledger", "-- catalog-info.yaml --\nkind: API\n-- docs/index.md --\n# Hello\n")
	if err := fstest.TestFS(c.FS, "catalog-info.yaml", "docs/index.md"); err != nil {
		t.Fatal(err)
	}
	b, err := fs.ReadFile(c.FS, "docs/index.md")
	if err != nil || string(b) != "# Hello\n" {
		t.Fatalf("docs/index.md = %q, %v", b, err)
	}
	if got, want := c.Web.File("docs/index.md", 1), "https://github.com/acme/ledger/blob/"+Commit+"/docs/index.md#L1"; got != want {
		t.Errorf("web link %s, want %s", got, want)
	}
	if c.BlobHash("docs/index.md") == "" || c.BlobHash("missing") != "" {
		t.Error("BlobHash tells neither present nor missing files")
	}
}

func TestDigestFollowsContent(t *testing.T) {
	a := Files("a", map[string]string{"x": "1", "y": "2"})
	b := Files("b", map[string]string{"y": "2", "x": "1"})
	c := Files("c", map[string]string{"x": "1", "y": "3"})
	if a.Digest != b.Digest || a.Digest == c.Digest {
		t.Errorf("digests %s %s %s", a.Digest, b.Digest, c.Digest)
	}
}
