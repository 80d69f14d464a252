package site

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/callboard-portal/callboard/generator/page"
)

// Hugo can block for ever once ten pages have failed. Whatever fails, on
// however many pages, Render comes back with an error.
func TestFailuresOnManyPagesComeBack(t *testing.T) {
	old := stallTime
	stallTime = time.Second
	t.Cleanup(func() { stallTime = old })
	for name, c := range map[string]struct {
		layout string
		put    func(string, []byte) error
		cancel bool
		want   string
	}{
		"template fails everywhere": {layout: `{{ .View.Nope }}`, want: "Nope"},
		"template fails on some":    {layout: `{{ if eq .URL "/p/0/" }}fine{{ else }}{{ .View.Nope }}{{ end }}`, want: ""},
		"nothing can be written":    {layout: `fine`, put: func(string, []byte) error { return errors.New("disk is full") }, want: "disk is full"},
		"the build is cancelled":    {layout: `fine`, cancel: true, want: "canceled"},
	} {
		t.Run(name, func(t *testing.T) {
			theme := loadTheme(t, tinyTheme(t, map[string]string{"layouts/probe.html": `{{ with site.Params.host.Page .Params.id }}` + c.layout + `{{ end }}`}))
			var pages []*page.Page
			for i := range 400 {
				pages = append(pages, &page.Page{URL: fmt.Sprintf("/p/%d/", i), Layout: "probe", Title: "P", View: struct{ N int }{i}})
			}
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			put := c.put
			if put == nil {
				put = func(string, []byte) error {
					if c.cancel {
						cancel()
					}
					return nil
				}
			}
			done := make(chan error, 1)
			go func() {
				_, err := Render(ctx, Input{Theme: theme, Pages: pages, Put: put})
				done <- err
			}()
			select {
			case err := <-done:
				if err == nil || !strings.Contains(err.Error(), c.want) {
					t.Errorf("err = %v, want one that says %q", err, c.want)
				}
			case <-time.After(time.Minute):
				t.Fatal("Render did not come back")
			}
		})
	}
}
