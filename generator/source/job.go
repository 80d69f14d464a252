package source

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/callboard-portal/callboard/generator/checkout"
	"github.com/callboard-portal/callboard/generator/diag"
)

// kind says how a source is read.
type kind uint8

const (
	kindFolder kind = iota // a folder on disk, git or plain
	kindLocal              // a git repository on disk, read from its objects
	kindRemote             // a git repository elsewhere
	kindBroken             // an entry that cannot be used
)

// job is one source to read: an entry of sources:, or one of the folders or
// repositories that an entry stands for.
type job struct {
	spec   Spec
	kind   kind
	origin string
	path   string   // absolute, for folders and local repositories
	remote remote   // for remote repositories
	file   string   // for file: the one descriptor
	names  []string // possible names, best first
	name   string   // the one chosen
	why    string   // for broken entries: what is wrong
}

// broken is the job of an entry that cannot be used.
func broken(spec Spec, code, hint, format string, args ...any) ([]*job, diag.List) {
	f := findings{pos: spec.Pos}
	f.entry(code, hint, format, args...)
	name := cmp.Or(spec.Name, spec.Directory, spec.File, spec.account(), fmt.Sprintf("source %d", spec.Priority+1))
	if r, err := parseRemote(spec.Git); err == nil {
		name = cmp.Or(spec.Name, r.names()[0])
	}
	return []*job{{spec: spec, kind: kindBroken, origin: originOf(spec), names: []string{name}, why: f.list[0].Message}}, f.list
}

func originOf(spec Spec) string {
	switch {
	case spec.GitHub != nil:
		return "github"
	case spec.GitLab != nil:
		return "gitlab"
	case spec.Directory != "":
		return "directory"
	case spec.File != "":
		return "file"
	}
	return "git"
}

// identity is what makes two jobs the same source.
func (j *job) identity() string {
	if j.kind == kindRemote {
		return j.remote.String() + "\n" + j.spec.Ref
	}
	return strings.Join([]string{fmt.Sprint(j.kind), j.path, j.file, j.spec.Ref}, "\n")
}

// key names the job's files in the state folder.
func (j *job) key() string { return keyOf(j.names[len(j.names)-1], j.identity()) }

// distinct drops jobs that repeat an earlier one.
func distinct(jobs []*job) ([]*job, diag.List) {
	first := map[string]*job{}
	var diags diag.List
	kept := make([]*job, 0, len(jobs))
	for _, j := range jobs {
		if j.kind == kindBroken {
			kept = append(kept, j)
			continue
		}
		id := j.identity()
		if other := first[id]; other != nil {
			if j.spec.Pos != other.spec.Pos {
				f := findings{pos: j.spec.Pos}
				f.entry("source-duplicate", "remove one of the two", "%q is listed twice; the first entry counts", j.names[0])
				f.list[0].Related = []diag.Pos{other.spec.Pos}
				diags.Add(f.list...)
			}
			continue
		}
		first[id] = j
		kept = append(kept, j)
	}
	return kept, diags
}

// chooseNames gives every job a unique name: its best one, or, where several
// share that, the first that tells all of them apart.
func chooseNames(jobs []*job) {
	at := make([]int, len(jobs))
	for range 8 {
		groups := map[string][]int{}
		for i, j := range jobs {
			j.name = clean(j.names[min(at[i], len(j.names)-1)], 200)
			groups[j.name] = append(groups[j.name], i)
		}
		again := false
		for _, group := range groups {
			for _, i := range group {
				if len(group) > 1 && at[i] < len(jobs[i].names)-1 {
					at[i]++
					again = true
				}
			}
		}
		if !again {
			break
		}
	}
	taken := map[string]bool{}
	for _, j := range jobs {
		name := j.name
		for n := 2; taken[name]; n++ {
			name = fmt.Sprintf("%s (%d)", j.name, n)
		}
		taken[name] = true
		j.name = name
	}
}

// blank is a checkout with what is known before anything is read.
func (j *job) blank() *checkout.Checkout {
	c := &checkout.Checkout{Name: j.name, Descriptors: j.spec.descriptors(), Origin: j.origin, Priority: j.spec.Priority,
		BlobHash: func(string) string { return "" }, History: checkout.NewHistory(nil, false)}
	if j.kind == kindRemote {
		c.URL = j.remote.String()
	}
	if j.file != "" {
		c.Descriptors = []string{j.file}
	}
	return c
}

// failed is the checkout of a source with nothing to show.
func (j *job) failed(why string) *checkout.Checkout {
	c := j.blank()
	c.State, c.Err = checkout.Failed, why
	return c
}
