package config

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestKeysDescribeEveryKey(t *testing.T) {
	byPath := map[string]Key{}
	for _, k := range slices.Concat(Keys(), BrandKeys()) {
		if k.Doc == "" || k.Type == "" && !k.Later {
			t.Errorf("%+v is not complete", k)
		}
		byPath[k.Path] = k
	}
	for path, want := range map[string]Key{
		"portal.title":              {Type: "text", Default: "Developer Portal"},
		"sources[].timeout":         {Type: "length of time", Default: "2m"},
		"sources[].maxSize":         {Type: "size", Default: "200MB"},
		"sources[].history":         {Type: "none, full or a number", Default: "300"},
		"sources[].descriptors":     {Type: "text or a list of texts", Default: strings.Join(DefaultDescriptors, ", ")},
		"sources[].gitlab.group":    {Type: "text", Required: true},
		"sources[].github.token":    {Type: "secret"},
		"kinds[].relations[].field": {Type: "text", Required: true},
		"schedule":                  {Later: true},
		"density":                   {Type: "comfortable or compact", Default: "comfortable"},
		"links.header[].url":        {Type: "text", Required: true},
	} {
		got, ok := byPath[path]
		if !ok || got.Type != want.Type || got.Default != want.Default || got.Required != want.Required || got.Later != want.Later {
			t.Errorf("%s is %+v, want %+v", path, got, want)
		}
	}
}

func TestDefaultsAreWrittenAsPeopleWould(t *testing.T) {
	for d, want := range map[time.Duration]string{2 * time.Minute: "2m", time.Hour: "1h", 90 * time.Second: "1m30s", 5 * time.Second: "5s"} {
		if got := durationWords(d); got != want {
			t.Errorf("%d is %q, want %q", d, got, want)
		}
		if back, err := parseDuration(durationWords(d)); err != nil || back != d {
			t.Errorf("%s reads as %s, %v", want, back, err)
		}
	}
}
