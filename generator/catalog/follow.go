package catalog

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/callboard-portal/callboard/generator/diag"
)

// target is one target of a Location entity.
type target struct {
	draft    *draft
	field    string
	text     string
	optional bool
}

// targets returns where a Location leads; nothing for other kinds.
func (d *draft) targets() []target {
	if d.entity.Kind != "Location" {
		return nil
	}
	if t := d.entity.Type(); t != "" && t != "url" && t != "file" {
		d.report(codeLocationType, diag.Error, "spec.type", fmt.Sprintf("locations of type %q are not followed", t),
			"use url or file; let callboard.yaml list repositories that should be discovered")
		return nil
	}
	optional := d.entity.SpecString("presence") == "optional"
	var out []target
	if s := d.entity.SpecString("target"); s != "" {
		out = append(out, target{d, "spec.target", s, optional})
	}
	if list, ok := d.entity.Spec["targets"].([]any); ok {
		for i, x := range list {
			if s, ok := x.(string); ok && s != "" {
				out = append(out, target{d, fmt.Sprintf("spec.targets[%d]", i), s, optional})
			}
		}
	}
	return out
}

// follow turns the targets found in one round into the next round's work.
// followed counts the files each root has led to.
func (l *loader) follow(followed map[*repo]int) map[*repo][]task {
	work := map[*repo][]task{}
	for _, r := range l.repos {
		wanted := r.wanted
		r.wanted = nil
		for _, t := range wanted {
			into, files := l.resolve(t)
			for _, f := range files {
				if into.visited[f] || !t.admit(followed) {
					continue
				}
				into.visited[f] = true
				work[into] = append(work[into], t.task(f))
			}
		}
	}
	return work
}

// admit counts a file against the limits of following.
func (t target) admit(followed map[*repo]int) bool {
	from := t.draft.task
	if from.depth >= maxLocationDepth {
		t.draft.report(codeLocationDepth, diag.Error, t.field,
			fmt.Sprintf("%q is more than %d locations away from the first", t.text, maxLocationDepth), "let an outer location list it directly")
		return false
	}
	followed[from.root]++
	if followed[from.root] == maxLocationFiles+1 {
		t.draft.report(codeLocationTotal, diag.Error, t.field,
			fmt.Sprintf("the locations of source %q lead to more than %d files; the rest is left out", from.root.Name, maxLocationFiles), "")
	}
	return followed[from.root] <= maxLocationFiles
}

func (t target) task(file string) task {
	from := t.draft.task
	via := append(slices.Clone(from.via), t.draft.entity.Ref())
	return task{path: file, depth: from.depth + 1, via: via, root: from.root, origin: from.origin}
}

// resolve finds the files a target means, sorted, and the repository they are in.
func (l *loader) resolve(t target) (*repo, []string) {
	into, p := t.draft.repo, ""
	if isAddress(t.text) {
		var known bool
		if into, p, known = l.known.find(t.text); !known {
			t.unknownAddress()
			return nil, nil
		}
	} else {
		var inside bool
		if p, inside = inRepo(t.draft.entity.Origin.Path, t.text); !inside {
			t.draft.report(codeLocationOutside, diag.Error, t.field, fmt.Sprintf("%q leads out of the repository", t.text),
				"use the target's web address, and add its repository to callboard.yaml")
			return nil, nil
		}
	}
	if strings.ContainsAny(p, "*?") {
		files := into.glob(p)
		if len(files) == 0 && !t.optional {
			t.draft.report(codeLocationMissing, diag.Warning, t.field, fmt.Sprintf("%q matches no file", t.text), "")
		}
		slices.Sort(files)
		return into, files
	}
	if !into.isFile(p) {
		t.missing(into, p)
		return nil, nil
	}
	return into, []string{p}
}

func (t target) unknownAddress() {
	severity := diag.Error
	if t.optional {
		severity = diag.Info
	}
	hint := "only repositories that callboard.yaml lists are read; add one to its sources"
	if repository := repositoryOf(t.text); repository != "" {
		hint = "add the repository to the sources in callboard.yaml: - git: " + repository
	}
	t.draft.report(codeLocationUnknown, severity, t.field, fmt.Sprintf("%q is in no repository of this portal", t.text), hint)
}

// repositoryOf guesses the clone address from that of a file.
func repositoryOf(address string) string {
	for _, verb := range []string{"/-/blob/", "/-/tree/", "/-/raw/", "/blob/", "/tree/", "/raw/", "/src/"} {
		if base, _, ok := strings.Cut(address, verb); ok {
			return base + ".git"
		}
	}
	return ""
}

func (t target) missing(into *repo, p string) {
	if t.optional {
		return
	}
	hint := "targets are relative to the file of the location; write presence: optional if it may be absent"
	if strings.HasSuffix(t.text, "/") || p == "." {
		hint = "a target is a file, not a folder"
	} else if near, ok := into.nearestFile(p, t.text); ok {
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	t.draft.report(codeLocationMissing, diag.Error, t.field, fmt.Sprintf("%q does not exist in %s", t.text, into.Name), hint)
}

// nearestFile looks for a file of nearly the same name in the same folder, and
// returns it as written was: relative, from the root, or an address. Names that
// differ in their numbers alone are different files, not slips.
func (r *repo) nearestFile(p, written string) (string, bool) {
	dir, base := path.Dir(p), path.Base(p)
	var names []string
	for _, f := range r.glob(path.Join(dir, "*")) {
		if name := path.Base(f); withoutDigits(name) != withoutDigits(base) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	near, ok := diag.Nearest(base, names)
	if before, found := strings.CutSuffix(written, base); found {
		return before + near, ok
	}
	return path.Join(dir, near), ok
}

func withoutDigits(s string) string {
	return strings.Map(func(c rune) rune {
		if '0' <= c && c <= '9' {
			return -1
		}
		return c
	}, s)
}
