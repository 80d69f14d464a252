package catalog

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"path"
	"runtime"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
	"golang.org/x/sync/errgroup"

	"github.com/callboard-portal/callboard/generator/checkout"
	"github.com/callboard-portal/callboard/generator/diag"
	"github.com/callboard-portal/callboard/generator/entity"
)

// repo is a checkout while its descriptors are read. In each round one
// goroutine works on it; what it finds is put together between rounds.
type repo struct {
	*checkout.Checkout
	ds       diag.List
	files    []File
	drafts   []*draft
	wanted   []target // targets of the Locations read in this round
	visited  map[string]bool
	owners   *owners // read when first needed
	entities int
	included int  // bytes that its descriptors include
	over     bool // the limit on entities was reported
}

// task is one descriptor file to read, and how it was come by.
type task struct {
	path  string
	depth int
	via   []entity.Ref
	// root is the repo whose descriptor, found by its globs, led here; origin its path.
	root   *repo
	origin string
}

func sortedRepos(checkouts []*checkout.Checkout) []*repo {
	var out []*repo
	for _, c := range checkouts {
		if c.FS != nil {
			out = append(out, &repo{Checkout: c, visited: map[string]bool{}})
		}
	}
	slices.SortStableFunc(out, func(a, b *repo) int {
		return cmp.Or(cmp.Compare(a.Priority, b.Priority), cmp.Compare(a.Name, b.Name))
	})
	return out
}

// readAll reads what the checkouts' globs find, then, round by round, what
// the Locations found lead to.
func (l *loader) readAll(ctx context.Context) error {
	work := make(map[*repo][]task, len(l.repos))
	for _, r := range l.repos {
		work[r] = nil
	}
	followed := map[*repo]int{}
	for depth := 0; len(work) > 0; depth++ {
		group, ctx := errgroup.WithContext(ctx)
		group.SetLimit(runtime.GOMAXPROCS(0))
		for r, tasks := range work {
			group.Go(func() error {
				if depth == 0 {
					tasks = r.find()
				}
				return l.readRepo(ctx, r, tasks)
			})
		}
		if err := group.Wait(); err != nil {
			return fmt.Errorf("reading descriptors: %w", err)
		}
		work = l.follow(followed)
	}
	l.gather()
	return nil
}

func (l *loader) readRepo(ctx context.Context, r *repo, tasks []task) error {
	for _, t := range tasks {
		if err := ctx.Err(); err != nil {
			return err
		}
		l.readFile(ctx, r, t)
	}
	return nil
}

// gather joins what the repos collected, in their order.
func (l *loader) gather() {
	for _, r := range l.repos {
		slices.SortFunc(r.files, func(a, b File) int { return cmp.Compare(a.Path, b.Path) })
		l.account.Files = append(l.account.Files, r.files...)
		l.ds = append(l.ds, r.ds...)
		slices.SortFunc(r.drafts, func(a, b *draft) int {
			return cmp.Or(cmp.Compare(a.entity.Origin.Path, b.entity.Origin.Path), cmp.Compare(a.entity.Origin.Document, b.entity.Origin.Document))
		})
		l.drafts = append(l.drafts, r.drafts...)
	}
}

// find returns the files that the checkout's globs match, sorted. A checkout
// where there are none is worth a word: its owners wonder where they are.
func (r *repo) find() []task {
	seen := map[string]bool{}
	for _, pattern := range r.Descriptors {
		for _, p := range r.glob(pattern) {
			seen[p] = true
		}
	}
	if len(seen) == 0 {
		severity := diag.Warning
		if r.Origin == "github" || r.Origin == "gitlab" { // discovered: not every repository is a service
			severity = diag.Info
		}
		r.ds.Add(diag.Diagnostic{
			Code: codeNoDescriptor, Severity: severity, Pos: diag.Pos{Source: r.Name},
			Message: fmt.Sprintf("no catalog descriptor found (looked for %s)", strings.Join(r.Descriptors, ", ")),
			Hint:    "add a catalog-info.yaml, or set the source's descriptors to where it is",
		})
	}
	var tasks []task
	for _, p := range sortedKeys(seen) {
		r.visited[p] = true
		tasks = append(tasks, task{path: p, root: r, origin: p})
	}
	return tasks
}

// glob returns the files of the tree that a pattern matches; a pattern
// without wildcards matches the file of that name.
func (r *repo) glob(pattern string) []string {
	pattern = path.Clean(strings.TrimPrefix(pattern, "/"))
	found, err := doublestar.Glob(r.FS, pattern, doublestar.WithFilesOnly(), doublestar.WithNoFollow())
	if err != nil {
		return nil
	}
	return found
}

func (r *repo) isFile(p string) bool {
	if !fs.ValidPath(p) {
		return false
	}
	info, err := fs.Stat(r.FS, p)
	return err == nil && info.Mode().IsRegular()
}

func sortedKeys(m map[string]bool) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
