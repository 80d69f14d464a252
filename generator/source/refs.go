package source

import (
	"fmt"
	"slices"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"

	"github.com/callboard-portal/callboard/generator/diag"
)

// found is what a ref setting turned out to mean.
type found struct {
	ref    string // branch or tag, short; empty for a commit
	branch string // the same where it is a branch
	name   string // the full name on the remote; empty for a commit
	commit plumbing.Hash
	object plumbing.Hash // what to ask the remote for: a tag object or the commit
}

// advertised are the references of a repository by full name. Annotated tags
// are peeled where the remote says what they point at.
type advertised struct {
	names map[string]plumbing.Hash
	tags  map[string]plumbing.Hash // the tag objects of peeled names
	head  string                   // the full name of the branch HEAD stands for, if known
}

// find returns what ref means: a branch before a tag, "" the remote's HEAD.
func (a advertised) find(ref string) (found, error) {
	if ref == "" {
		if h, ok := a.names[a.head]; ok && a.head != "" {
			short := strings.TrimPrefix(a.head, "refs/heads/")
			return found{ref: short, branch: short, name: a.head, commit: h, object: h}, nil
		}
		if h, ok := a.names["HEAD"]; ok {
			return found{name: "HEAD", commit: h, object: h}, nil
		}
		return found{}, &refError{"the remote's HEAD names no branch that exists", "say which branch with ref:"}
	}
	for _, try := range []string{ref, "refs/heads/" + ref, "refs/tags/" + ref, "refs/remotes/origin/" + ref} {
		h, ok := a.names[try]
		if !ok || !strings.HasPrefix(try, "refs/") {
			continue
		}
		f := found{ref: ref, name: try, commit: h, object: h}
		if tag, ok := a.tags[try]; ok {
			f.object = tag
		}
		if strings.HasPrefix(try, "refs/heads/") || strings.HasPrefix(try, "refs/remotes/") {
			f.branch = strings.TrimPrefix(ref, "refs/heads/")
			f.ref = f.branch
		}
		f.ref = strings.TrimPrefix(f.ref, "refs/tags/")
		return f, nil
	}
	return found{}, a.unknown(ref)
}

func (a advertised) unknown(ref string) error {
	var short []string
	for name := range a.names {
		for _, prefix := range []string{"refs/heads/", "refs/tags/"} {
			if s, ok := strings.CutPrefix(name, prefix); ok {
				short = append(short, s)
			}
		}
	}
	slices.Sort(short)
	e := &refError{message: fmt.Sprintf("there is no branch or tag %q", clip(ref, 100))}
	if near, ok := diag.Nearest(ref, short); ok {
		e.hint = fmt.Sprintf("did you mean %q?", near)
	} else if len(short) > 0 && len(short) <= 8 {
		e.hint = "there is " + strings.Join(short, ", ")
	}
	return e
}

// refError is an unknown ref, with what to do about it.
type refError struct{ message, hint string }

func (e *refError) Error() string { return e.message }

// heads returns the distinct commits that branches and tags point at, sorted.
func (a advertised) heads() []plumbing.Hash {
	var list []plumbing.Hash
	for name, h := range a.names {
		if tag, ok := a.tags[name]; ok {
			h = tag
		}
		if strings.HasPrefix(name, "refs/heads/") || strings.HasPrefix(name, "refs/tags/") {
			list = append(list, h)
		}
	}
	plumbing.HashesSort(list)
	return slices.Compact(list)
}
