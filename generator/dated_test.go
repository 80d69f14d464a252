package generator

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// On a schedule most builds find nothing new but the time. They must have the
// same site hash, by which CI decides whether there is something to deploy.
func TestTimeAloneDoesNotChangeTheSiteHash(t *testing.T) {
	dir := t.TempDir()
	writeFiles(t, dir, map[string]string{
		"callboard.yaml":               "portal: {title: Corner Shop, url: https://portal.example.com/}\nsources: [{directory: repos/*}]\n",
		"repos/till/mkdocs.yml":        "site_name: Till\n",
		"repos/till/docs/index.md":     "# The till\n\nIt adds up.\n",
		"repos/till/catalog-info.yaml": "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: till\n  annotations: {backstage.io/techdocs-ref: 'dir:.'}\nspec: {type: service, lifecycle: production, owner: nobody}\n",
	})
	buildAt := func(output string, now time.Time) *Report {
		report, err := Build(context.Background(), Options{
			Config: filepath.Join(dir, "callboard.yaml"), Output: filepath.Join(dir, output), StateDir: filepath.Join(dir, "state"),
			Now: now, Version: "test", LookupEnv: os.LookupEnv,
		})
		if err != nil {
			t.Fatal(err)
		}
		return report
	}
	now := time.Date(2026, 11, 21, 18, 0, 0, 0, time.UTC)
	first, second := buildAt("one", now), buildAt("two", now.Add(24*time.Hour))
	if first.SiteHash != second.SiteHash || first.SiteHash == "" {
		t.Errorf("site hashes are %q and %q", first.SiteHash, second.SiteHash)
	}
	differ := differingFiles(t, filepath.Join(dir, "one"), filepath.Join(dir, "two"))
	if want := []string{"about/index.html", "build.json"}; !slices.Equal(differ, want) {
		t.Errorf("files that tell the time are %q, want %q", differ, want)
	}
	writeFiles(t, dir, map[string]string{"repos/till/docs/index.md": "# The till\n\nIt takes away.\n"})
	if third := buildAt("two", now); third.SiteHash == first.SiteHash {
		t.Error("an edited page did not change the site hash")
	}
}

func writeFiles(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// differingFiles lists the files whose bytes differ between two folders, or
// that only one of them has.
func differingFiles(t *testing.T, a, b string) []string {
	t.Helper()
	one, two := readAll(t, a), readAll(t, b)
	var differ []string
	for name, text := range one {
		if other, ok := two[name]; !ok || other != text {
			differ = append(differ, name)
		}
	}
	for name := range two {
		if _, ok := one[name]; !ok {
			differ = append(differ, name)
		}
	}
	slices.Sort(differ)
	return differ
}

func readAll(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	root := os.DirFS(dir)
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(root, name)
		files[name] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
