//go:build unix

package generator

import (
	"context"
	"fmt"
	"math"
	"math/rand"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/callboard-portal/callboard/generator/checkout"
	"github.com/callboard-portal/callboard/generator/site"
	"github.com/callboard-portal/callboard/generator/source"
)

// BenchmarkPortal builds portals of 100, 1,000 and 10,000 pages from nothing,
// again without a change, and after a one-sentence edit, and beside them
// renders and writes the same pages with Hugo alone: the same theme, finished
// HTML, no keys, no manifest, no release. Ratios within a run are what counts;
// absolute times depend on the machine.
func BenchmarkPortal(b *testing.B) {
	for _, pages := range []int{100, 1000, 10000} {
		b.Run(fmt.Sprint(pages), func(b *testing.B) {
			for b.Loop() {
				benchmarkPortal(b, pages)
			}
		})
	}
}

func benchmarkPortal(b *testing.B, pages int) {
	b.StopTimer()
	dir := b.TempDir()
	writePortal(b, dir, pages)
	opt := Options{
		Config: filepath.Join(dir, "callboard.yaml"), Output: filepath.Join(dir, "public"), StateDir: filepath.Join(dir, "state"),
		Now: time.Date(2026, 11, 21, 18, 0, 0, 0, time.UTC), Version: "bench", LookupEnv: os.LookupEnv,
	}
	b.StartTimer()
	cpu, stage := cpuSeconds(), cpuSeconds()
	var byStage []string
	opt.Progress = func(s StageReport) {
		if now := cpuSeconds(); s.Done {
			byStage = append(byStage, fmt.Sprintf("%s %.2fs", s.Name, now-stage))
		} else {
			stage = now
		}
	}
	cold := timedBuild(b, opt)
	coldCPU := cpuSeconds() - cpu
	b.StopTimer()
	opt.Progress = nil
	b.Logf("processor time of %d pages: %s", cold.Pages.Total, strings.Join(byStage, ", "))
	again := timedBuild(b, opt)
	edit(b, filepath.Join(dir, "repos/r000/docs/page-0001.md"))
	one := timedBuild(b, opt)
	hugo, hugoCPU := hugoAlone(b, opt, filepath.Join(dir, "plain"))

	b.ReportMetric(float64(cold.Pages.Total), "pages")
	b.ReportMetric(float64(cold.Pages.Total)/cold.Seconds, "pages/s")
	b.ReportMetric(cold.Seconds, "cold-s")
	b.ReportMetric(again.Seconds, "unchanged-s")
	b.ReportMetric(one.Seconds, "one-page-s")
	b.ReportMetric(float64(one.Pages.Rendered), "one-page-rendered")
	b.ReportMetric(stageSeconds(one, "site"), "one-page-site-s")
	b.ReportMetric(hugo, "hugo-alone-s")
	b.ReportMetric(coldCPU, "cold-cpu-s")
	b.ReportMetric(hugoCPU, "hugo-alone-cpu-s")
	b.ReportMetric((cold.Seconds-hugo)/hugo, "added/hugo")
	b.ReportMetric((coldCPU-hugoCPU)/hugoCPU, "added/hugo-cpu")
	b.ReportMetric(float64(cold.PeakRSSBytes)/(1<<20), "peak-MiB")
	b.Logf("cold %d pages: %s", cold.Pages.Total, stageTimes(cold))
	b.Logf("unchanged: %s", stageTimes(again))
	b.Logf("one edit: %s", stageTimes(one))
	b.StartTimer()
}

func timedBuild(b *testing.B, opt Options) *Report {
	b.Helper()
	r, err := Build(context.Background(), opt)
	if err != nil {
		b.Fatal(err)
	}
	if n := r.Diagnostics.Error; n > 0 {
		b.Fatalf("%d errors in the generated portal; the first is %s", n, r.Findings[0])
	}
	return r
}

func stageSeconds(r *Report, name string) float64 {
	for _, s := range r.Stages {
		if s.Name == name {
			return s.Seconds
		}
	}
	return 0
}

func stageTimes(r *Report) string {
	var parts []string
	for _, s := range r.Stages {
		parts = append(parts, fmt.Sprintf("%s %.2fs", s.Name, s.Seconds))
	}
	return strings.Join(parts, ", ")
}

// hugoAlone renders every page of the portal with Hugo and writes the files,
// and returns the wall and processor seconds that took.
func hugoAlone(b *testing.B, opt Options, out string) (wall, cpu float64) {
	b.Helper()
	p, err := Load(context.Background(), opt, "")
	if err != nil {
		b.Fatal(err)
	}
	theme, _, err := loadTheme(opt, p)
	if err != nil {
		b.Fatal(err)
	}
	began, cpu := time.Now(), cpuSeconds()
	var dirs sync.Map
	_, err = site.Render(context.Background(), site.Input{Theme: theme, Pages: p.Set.Pages, Put: func(url string, data []byte) error {
		name := filepath.Join(out, filepath.FromSlash(site.FilePath(url)))
		if _, made := dirs.LoadOrStore(filepath.Dir(name), true); !made {
			if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
				return err
			}
		}
		return os.WriteFile(name, data, 0o644)
	}})
	if err != nil {
		b.Fatal(err)
	}
	return time.Since(began).Seconds(), cpuSeconds() - cpu
}

// cpuSeconds is the processor time this process has used.
func cpuSeconds() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}

// edit changes one sentence of a file.
func edit(b *testing.B, name string) {
	b.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		b.Fatal(err)
	}
	if err := os.WriteFile(name, append(text, "\nOne more sentence, written just now.\n"...), 0o644); err != nil {
		b.Fatal(err)
	}
}

// writePortal writes a portal of about the number of pages asked for: a
// hundred repositories (fewer for small portals) as git working trees, each
// with some components and a documentation site of pages of about 5 KB.
func writePortal(b *testing.B, dir string, pages int) {
	b.Helper()
	random := rand.New(rand.NewSource(1))
	repos := min(100, max(2, pages/50))
	components := max(1, pages/12/repos)
	docPages := max(2, pages*17/20/repos)
	conf := "portal: {title: Benchmark, organization: Bench}\nsources:\n  - directory: repos/*\n"
	if err := os.WriteFile(filepath.Join(dir, "callboard.yaml"), []byte(conf), 0o644); err != nil {
		b.Fatal(err)
	}
	at := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	for r := range repos {
		files := map[string][]byte{"catalog-info.yaml": descriptors(random, r, repos, components), "mkdocs.yml": fmt.Appendf(nil, "site_name: Repository %d\n", r)}
		files["docs/index.md"] = markdownPage(random, "Overview", docPages)
		for p := 1; p < docPages; p++ {
			files[fmt.Sprintf("docs/page-%04d.md", p)] = markdownPage(random, fmt.Sprintf("Page %d of repository %d", p, r), docPages)
		}
		c := source.NewCommit{Author: checkout.Person{Name: "Ada", Email: "ada@example.com"}, Time: at.Add(time.Duration(r) * time.Hour), Message: "Everything", Write: files}
		if err := source.Create(filepath.Join(dir, "repos", fmt.Sprintf("r%03d", r)), "main", fmt.Sprintf("https://github.com/bench/r%03d.git", r), []source.NewCommit{c}); err != nil {
			b.Fatal(err)
		}
	}
}

func descriptors(random *rand.Rand, r, repos, components int) []byte {
	var out strings.Builder
	fmt.Fprintf(&out, "apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: {name: team-%d}\nspec: {type: team, children: []}\n", r)
	fmt.Fprintf(&out, "---\napiVersion: backstage.io/v1alpha1\nkind: System\nmetadata: {name: system-%d}\nspec: {owner: team-%d}\n", r, r)
	for c := range components {
		fmt.Fprintf(&out, "---\napiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: service-%d-%d\n  description: Serves %s.\n  tags: [go, %s]\n", r, c, words(random, 8), word(random))
		if c == 0 {
			out.WriteString("  annotations: {backstage.io/techdocs-ref: \"dir:.\"}\n")
		}
		fmt.Fprintf(&out, "spec:\n  type: service\n  lifecycle: production\n  owner: team-%d\n  system: system-%d\n  dependsOn: [component:service-%d-0]\n", r, r, random.Intn(repos))
	}
	return []byte(out.String())
}

// markdownPage writes about 5 KB: headings, prose with links, lists, a table
// and code.
func markdownPage(random *rand.Rand, title string, pages int) []byte {
	var out strings.Builder
	fmt.Fprintf(&out, "# %s\n\n%s.\n", title, words(random, 60))
	for s := range 5 {
		fmt.Fprintf(&out, "\n## %s %d\n\n%s. See [another page](page-%04d.md).\n\n%s.\n", words(random, 3), s, words(random, 55), 1+random.Intn(pages-1), words(random, 35))
		switch s {
		case 1:
			out.WriteString("\n| name | unit | what |\n|---|---|---|\n")
			for range 6 {
				fmt.Fprintf(&out, "| `%s` | %s | %s |\n", word(random), word(random), words(random, 6))
			}
		case 2:
			for range 6 {
				fmt.Fprintf(&out, "- %s\n", words(random, 9))
			}
		case 3:
			fmt.Fprintf(&out, "\n```go\nfunc %s(ctx context.Context, n int) error {\n\tif n == 0 { // %s\n\t\treturn errors.New(%q)\n\t}\n\treturn nil\n}\n```\n", word(random), words(random, 4), words(random, 5))
		case 4:
			fmt.Fprintf(&out, "\n!!! note\n    %s.\n", words(random, 30))
		}
	}
	for out.Len() < 5000 {
		fmt.Fprintf(&out, "\n%s.\n", words(random, 70))
	}
	return []byte(out.String())
}

var syllables = []string{"ka", "lo", "mi", "ren", "sta", "tor", "ve", "bu", "den", "fi", "gra", "ho", "ples", "sor", "un", "wick"}

// word returns one of about 65,000 words. As in any language, a few of them
// are most of the text.
func word(random *rand.Rand) string {
	var w strings.Builder
	for n := int(4 * math.Pow(16, 3*math.Pow(random.Float64(), 2.5))); n > 0; n /= len(syllables) {
		w.WriteString(syllables[n%len(syllables)])
	}
	return w.String()
}

func words(random *rand.Rand, n int) string {
	out := make([]string, n)
	for i := range out {
		out[i] = word(random)
	}
	return strings.Join(out, " ")
}
