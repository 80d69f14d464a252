package config

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/callboard-portal/callboard/generator/diag/diagtest"
)

// wants matches the comment that says what a bad file must be told:
// "# want code line:column field".
var wants = regexp.MustCompile(`(?m)^# want (\S+) (\S+)(?: (\S+))?$`)

// TestBadFiles checks that every rule has a file that breaks it, and that
// each file is told exactly what it expects.
func TestBadFiles(t *testing.T) {
	files, err := filepath.Glob("testdata/bad/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("no bad files", err)
	}
	told := diagtest.Codes{}
	for _, f := range files {
		t.Run(filepath.Base(f), func(t *testing.T) {
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			var want, got []string
			for _, m := range wants.FindAllStringSubmatch(string(b), -1) {
				want = append(want, strings.TrimSpace(m[1]+" "+m[2]+" "+m[3]))
			}
			_, ds, err := Load(f, env("SET", "1"))
			if strings.HasPrefix(filepath.Base(f), "brand-") {
				_, ds = parsedBrand(f, b, env("SET", "1"))
			}
			if err != nil {
				t.Fatal(err)
			}
			told.Add(ds)
			for _, d := range ds {
				place := strings.TrimPrefix(strings.TrimPrefix(d.Pos.String(), f), ":")
				got = append(got, strings.TrimSpace(d.Code+" "+place+" "+d.Field))
				if d.Message == "" || strings.HasSuffix(d.Message, ".") {
					t.Errorf("message %q", d.Message)
				}
			}
			if strings.Join(got, "\n") != strings.Join(want, "\n") {
				t.Errorf("told\n%s\nwant\n%s\n%v", strings.Join(got, "\n"), strings.Join(want, "\n"), ds)
			}
		})
	}
	maps.DeleteFunc(told, func(code string, _ bool) bool { return strings.HasPrefix(code, "yaml-") })
	told.Cover(t, Rules)
}
