//go:build unix

package publish_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/callboard-portal/callboard/generator/catalog"
	"github.com/callboard-portal/callboard/generator/checkout"
	"github.com/callboard-portal/callboard/generator/checkout/checkouttest"
	"github.com/callboard-portal/callboard/generator/docs"
	"github.com/callboard-portal/callboard/generator/page"
	"github.com/callboard-portal/callboard/generator/publish"
	"github.com/callboard-portal/callboard/generator/site"
	"github.com/callboard-portal/callboard/themes"
)

// generated makes about the given number of pages, four fifths of them
// documentation of some 5 KB of Markdown, with the real stages.
func generated(b *testing.B, pages int, edited string) page.Set {
	b.Helper()
	repos := min(100, max(pages/20, 2))
	perRepo := pages / repos
	teams := newCompany(0).teams
	checkouts := []*checkout.Checkout{checkouttest.Files("org", map[string]string{"catalog-info.yaml": groups(teams)})}
	for i := range repos {
		r := repo{owner: teams[i%3], about: "generated", extra: max(perRepo/5-1, 0), docs: map[string]string{}}
		for j := range perRepo * 4 / 5 {
			name := fmt.Sprintf("part-%d/page-%d", j/10, j)
			if j == 0 {
				name = "index"
			}
			r.nav = append(r.nav, name)
			r.docs[name] = markdown(i, j)
		}
		if i == 1 {
			r.docs["index"] += edited
		}
		name := fmt.Sprintf("repo-%d", i)
		checkouts = append(checkouts, checkouttest.Files(name, r.files(name)))
	}
	cat, _, found, err := catalog.Load(b.Context(), checkouts, catalog.Options{})
	if err != nil {
		b.Fatal(err)
	}
	sites, more, err := docs.Build(b.Context(), cat, checkouts, docs.Options{CacheDir: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	set, _ := page.Build(page.Input{
		Catalog: cat, Sites: sites, Checkouts: checkouts, Diagnostics: append(found, more...),
		Portal: page.Portal{Title: "Bench", URL: "https://portal.example/"}, Now: time.Unix(1_700_000_000, 0).UTC(),
		Markdown: docs.Description, Highlight: docs.Highlight,
	})
	return set
}

func markdown(repo, n int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Page %d of %d\n\n", n, repo)
	for s := range 8 {
		fmt.Fprintf(&b, "## Section %d\n\n%s\n- one\n- two with `code`\n\n| a | b |\n|---|---|\n| %d | %d |\n\n", s, strings.Repeat("Some words about service number "+strconv.Itoa(n)+" and what it does. ", 7), s, n)
	}
	return b.String()
}

// BenchmarkRelease makes a first release of a generated portal, changes one
// page, and builds again without a change. Beside it the same pages go through
// Hugo alone, with the same theme and finished HTML, written to files: no keys,
// no manifest, no release.
func BenchmarkRelease(b *testing.B) {
	for _, pages := range []int{100, 1000, 10000} {
		b.Run(fmt.Sprint(pages), func(b *testing.B) {
			before, after := generated(b, pages, ""), generated(b, pages, "\nOne more sentence.\n")
			for b.Loop() {
				measure(b, before, after)
			}
		})
	}
}

func measure(b *testing.B, before, after page.Set) {
	root := b.TempDir()
	dir, state := filepath.Join(root, "public"), filepath.Join(root, "state")
	build := func(set page.Set) (publish.Result, span) {
		theme, _, err := site.LoadTheme(site.ThemeOptions{Base: themes.Base(), Shell: set.Shell, StateDir: state})
		if err != nil {
			b.Fatal(err)
		}
		began := start()
		res, err := publish.Release(b.Context(), publish.Options{Dir: dir, StateDir: state, Set: &set, Theme: theme})
		if err != nil {
			b.Fatal(err)
		}
		return res, began.end()
	}
	resetPeak()
	plain := hugoAlone(b, before, filepath.Join(root, "plain"), filepath.Join(root, "plain-state"))
	plainPeak := peakMiB()
	resetPeak()
	first, cold := build(before)
	peak := peakMiB()
	changed, one := build(after)
	_, unchanged := build(after)
	rendering := renderAgain(b, after, state, changed.Rendered)
	b.ReportMetric(float64(first.Total), "pages")
	b.ReportMetric(cold.wall, "first-s")
	b.ReportMetric(cold.cpu, "first-cpu-s")
	b.ReportMetric(plain.wall, "hugo-alone-s")
	b.ReportMetric(plain.cpu, "hugo-alone-cpu-s")
	b.ReportMetric(peak, "peak-MiB")
	b.ReportMetric(plainPeak, "hugo-alone-peak-MiB")
	b.ReportMetric(one.wall*1000, "one-page-ms")
	b.ReportMetric(one.cpu*1000, "one-page-cpu-ms")
	b.ReportMetric(float64(changed.Rendered), "one-page-rendered")
	b.ReportMetric(rendering.wall*1000, "one-page-rendering-ms")
	b.ReportMetric(unchanged.wall*1000, "unchanged-ms")
}

// hugoAlone renders every page and writes it, and nothing else.
func hugoAlone(b *testing.B, set page.Set, out, state string) span {
	b.Helper()
	theme, _, err := site.LoadTheme(site.ThemeOptions{Base: themes.Base(), Shell: set.Shell, StateDir: state})
	if err != nil {
		b.Fatal(err)
	}
	began := start()
	_, err = site.Render(b.Context(), site.Input{Theme: theme, Pages: set.Pages, Put: func(url string, data []byte) error {
		name := filepath.Join(out, filepath.FromSlash(site.FilePath(url)))
		err := os.WriteFile(name, data, 0o644)
		if os.IsNotExist(err) {
			if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
				return err
			}
			return os.WriteFile(name, data, 0o644)
		}
		return err
	}})
	if err != nil {
		b.Fatal(err)
	}
	return began.end()
}

// renderAgain times the rendering alone of as many pages as had changed.
func renderAgain(b *testing.B, set page.Set, state string, n int) span {
	b.Helper()
	theme, _, err := site.LoadTheme(site.ThemeOptions{Base: themes.Base(), Shell: set.Shell, StateDir: state})
	if err != nil {
		b.Fatal(err)
	}
	began := start()
	_, err = site.Render(b.Context(), site.Input{Theme: theme, Pages: set.Pages[:n], Put: func(string, []byte) error { return nil }})
	if err != nil {
		b.Fatal(err)
	}
	return began.end()
}

// span is how long something took, in seconds: by the clock, which on a busy
// machine says little, and of all processors together.
type span struct{ wall, cpu float64 }

type moment struct {
	at  time.Time
	cpu float64
}

func start() moment { return moment{time.Now(), cpuSeconds()} }

func (m moment) end() span {
	return span{wall: time.Since(m.at).Seconds(), cpu: cpuSeconds() - m.cpu}
}

func cpuSeconds() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}

// resetPeak makes the system forget the largest resident size, and peakMiB
// reads it; both do nothing where there is no such file.
func resetPeak() { _ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) }

func peakMiB() float64 {
	text, _ := os.ReadFile("/proc/self/status")
	for line := range bytes.Lines(text) {
		if value, ok := bytes.CutPrefix(line, []byte("VmHWM:")); ok {
			kib, _ := strconv.ParseFloat(string(bytes.Fields(value)[0]), 64)
			return kib / 1024
		}
	}
	return 0
}
