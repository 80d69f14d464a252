package page

import (
	"strings"
	"testing"
)

func TestFramesAreAllowedFromListedHostsAlone(t *testing.T) {
	for _, x := range []struct {
		hosts []string
		want  string
	}{
		{nil, "'none'"},
		{[]string{"video.example", "*.Charts.example:8443", "video.example"}, "*.charts.example:8443 video.example"},
		{[]string{"a.example; script-src *", "b.example\nX-Header: 1", "'unsafe-inline'", ""}, "'none'"},
	} {
		set, _ := Build(Input{IframeHosts: x.hosts})
		if set.Shell.Frames != x.want {
			t.Errorf("%q: pages allow frames from %q, want %q", x.hosts, set.Shell.Frames, x.want)
		}
		for _, f := range set.Files {
			if f.Path != headersPath {
				continue
			}
			text, err := f.Open()
			if err != nil || !strings.Contains(string(text), "; frame-src "+x.want+"; ") {
				t.Errorf("%q: %v, headers are\n%s", x.hosts, err, text)
			}
		}
	}
}
