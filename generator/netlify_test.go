package generator

import (
	"os"
	"strings"
	"testing"

	"github.com/callboard-portal/callboard/generator/page"
	"github.com/pelletier/go-toml/v2"
)

// netlify.toml repeats the headers of the site's own _headers file, because
// Netlify would otherwise join both; they must not drift apart.
func TestNetlifyHeadersAreTheSites(t *testing.T) {
	b, err := os.ReadFile("../netlify.toml")
	if err != nil {
		t.Fatal(err)
	}
	var conf struct {
		Build struct {
			Command, Publish string
			Environment      map[string]string
		}
		Headers []struct {
			For    string
			Values map[string]string
		}
	}
	if err := toml.Unmarshal(b, &conf); err != nil {
		t.Fatal(err)
	}
	got := map[string]map[string]string{}
	for _, h := range conf.Headers {
		got[h.For] = h.Values
	}
	set, _ := page.Build(page.Input{})
	want, at := map[string]map[string]string{}, ""
	for _, f := range set.Files {
		if f.Path != "_headers" {
			continue
		}
		data, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(data)) {
			name, value, isHeader := strings.Cut(strings.TrimSpace(line), ": ")
			if !strings.HasPrefix(line, " ") {
				at = strings.TrimSpace(line)
				want[at] = map[string]string{}
			} else if isHeader {
				want[at][name] = value
			}
		}
	}
	if len(want) < 2 {
		t.Fatalf("the site's _headers has only %d blocks", len(want))
	}
	for path, headers := range want {
		for name, value := range headers {
			if got[path][name] != value {
				t.Errorf("netlify.toml: %s for %s is %q, the site's is %q", name, path, got[path][name], value)
			}
		}
	}
	for path, headers := range got {
		for name := range headers {
			if want[path][name] == "" {
				t.Errorf("netlify.toml has %s for %s, the site has not", name, path)
			}
		}
	}
	if !strings.HasPrefix(conf.Build.Environment["GO_VERSION"], "1.26") || conf.Build.Publish != "public" {
		t.Errorf("build: %+v", conf.Build)
	}
}
