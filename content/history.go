package content

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/callboard-portal/callboard/generator/checkout"
)

// history is a file demo/history/<repository>.yaml: how the folder
// demo/repos/<repository> came about. The folder holds the last version of
// each file; a history says when a file appeared and, where an earlier
// version matters, how that one differed from the last.
type history struct {
	Branch  string   `yaml:"branch"`
	Remote  string   `yaml:"remote"`
	Commits []change `yaml:"commits"`
}

// change is one commit as written in a history.
type change struct {
	Time    time.Time `yaml:"time"`
	Author  string    `yaml:"author"`
	Message string    `yaml:"message"`
	Files   []version `yaml:"files"`
	Remove  []string  `yaml:"remove"`
}

// version is a file at a commit. Written as a bare string it is the last
// version of a file, or of all files that match a glob and that no commit of
// the history names by path. Otherwise it is an earlier version: Text, or the
// last version changed by Until, Without and Earlier, in this order.
type version struct {
	Path string
	// Text is the whole content of a file that is gone or was rewritten since.
	Text string
	// Until cuts the file off before the line that equals it.
	Until string
	// Without leaves out the sections with these heading lines.
	Without []string
	// Earlier puts older words in place of what stands there now.
	Earlier []rewording
}

// rewording says how a passage of a file read before.
type rewording struct {
	Now string `yaml:"now"`
	Was string `yaml:"was"`
}

// UnmarshalYAML reads a version written as a path or as a mapping.
func (v *version) UnmarshalYAML(decode func(any) error) error {
	if decode(&v.Path) == nil {
		return nil
	}
	var m struct {
		Path    string      `yaml:"path"`
		Text    string      `yaml:"text"`
		Until   string      `yaml:"until"`
		Without []string    `yaml:"without"`
		Earlier []rewording `yaml:"earlier"`
	}
	if err := decode(&m); err != nil {
		return err
	}
	*v = version(m)
	return nil
}

func (v version) isGlob() bool { return strings.ContainsAny(v.Path, "*?{") }

func (v version) isLast() bool {
	return v.Text == "" && v.Until == "" && len(v.Without) == 0 && len(v.Earlier) == 0
}

// replay turns the history of files into commits and checks that it ends at
// exactly those files.
func (h history) replay(files map[string][]byte, authors map[string]checkout.Person) ([]Commit, error) {
	named := h.named()
	tree := map[string][]byte{}
	var commits []Commit
	for i, ch := range h.Commits {
		author, ok := authors[ch.Author]
		if !ok {
			return nil, fmt.Errorf("commit %q: unknown author %q", ch.Message, ch.Author)
		}
		if i > 0 && !ch.Time.After(h.Commits[i-1].Time) {
			return nil, fmt.Errorf("commit %q: time %s does not follow the commit before", ch.Message, ch.Time)
		}
		c := Commit{Author: author, Time: ch.Time.UTC(), Message: ch.Message, Write: map[string][]byte{}}
		if err := ch.write(c.Write, files, named, tree); err != nil {
			return nil, fmt.Errorf("commit %q: %w", ch.Message, err)
		}
		if err := ch.remove(&c, tree); err != nil {
			return nil, fmt.Errorf("commit %q: %w", ch.Message, err)
		}
		commits = append(commits, c)
	}
	return commits, sameTree(tree, files)
}

// named returns the paths that some commit names without a glob.
func (h history) named() map[string]bool {
	named := map[string]bool{}
	for _, ch := range h.Commits {
		for _, v := range ch.Files {
			if !v.isGlob() {
				named[v.Path] = true
			}
		}
	}
	return named
}

// write puts the versions of a commit into out and into the tree so far.
func (ch change) write(out, files map[string][]byte, named map[string]bool, tree map[string][]byte) error {
	for _, v := range ch.Files {
		paths := []string{v.Path}
		if v.isGlob() {
			if paths = matching(v.Path, files, named, tree); len(paths) == 0 {
				return fmt.Errorf("glob %q matches no file that is left", v.Path)
			}
		}
		for _, p := range paths {
			b, err := v.content(files[p])
			if err != nil {
				return fmt.Errorf("file %q: %w", p, err)
			}
			if before, ok := tree[p]; ok && bytes.Equal(before, b) {
				return fmt.Errorf("file %q: does not change", p)
			}
			out[p], tree[p] = b, b
		}
	}
	if len(out) == 0 && len(ch.Remove) == 0 {
		return fmt.Errorf("changes nothing")
	}
	return nil
}

// matching returns the files that a glob takes: those not named by path in
// the history and not written by an earlier glob.
func matching(glob string, files map[string][]byte, named map[string]bool, tree map[string][]byte) []string {
	var out []string
	for _, p := range sortedPaths(files) {
		if _, written := tree[p]; written || named[p] {
			continue
		}
		if ok, _ := doublestar.Match(glob, p); ok {
			out = append(out, p)
		}
	}
	return out
}

func (ch change) remove(c *Commit, tree map[string][]byte) error {
	for _, p := range ch.Remove {
		if _, ok := tree[p]; !ok {
			return fmt.Errorf("removes %q, which does not exist", p)
		}
		delete(tree, p)
		c.Remove = append(c.Remove, p)
	}
	slices.Sort(c.Remove)
	return nil
}

// content returns the version's bytes, given the last version of its file.
func (v version) content(last []byte) ([]byte, error) {
	switch {
	case v.Text != "":
		return []byte(v.Text), nil
	case last == nil:
		return nil, fmt.Errorf("is not in the folder")
	case v.isLast():
		return last, nil
	}
	text := string(last)
	if v.Until != "" {
		before, _, found := strings.Cut(text, "\n"+v.Until+"\n")
		if !found {
			return nil, fmt.Errorf("has no line %q to end before", v.Until)
		}
		text = strings.TrimRight(before, "\n") + "\n"
	}
	for _, heading := range v.Without {
		cut, found := withoutSection(text, heading)
		if !found {
			return nil, fmt.Errorf("has no section %q to leave out", heading)
		}
		text = cut
	}
	for _, r := range v.Earlier {
		if !strings.Contains(text, r.Now) {
			return nil, fmt.Errorf("has no text %q to put older words for", r.Now)
		}
		text = strings.ReplaceAll(text, r.Now, r.Was)
	}
	return []byte(text), nil
}

// withoutSection leaves out a heading line and what follows it, up to the
// next heading of the same or a higher level outside fenced code.
func withoutSection(text, heading string) (string, bool) {
	level := headingLevel(heading)
	var out strings.Builder
	found, skipping, fenced := false, false, false
	for line := range strings.Lines(text) {
		bare := strings.TrimRight(line, "\n")
		if strings.HasPrefix(strings.TrimSpace(bare), "```") {
			fenced = !fenced
		}
		if n := headingLevel(bare); !fenced && n > 0 {
			skipping = bare == heading || skipping && n > level
			found = found || bare == heading
		}
		if !skipping {
			out.WriteString(line)
		}
	}
	return strings.TrimRight(out.String(), "\n") + "\n", found
}

// headingLevel returns how many # begin a heading line, and 0 for other lines.
func headingLevel(line string) int {
	n := len(line) - len(strings.TrimLeft(line, "#"))
	if n == 0 || n == len(line) || line[n] != ' ' {
		return 0
	}
	return n
}

// sameTree says how the tree at the end of a history differs from the folder.
func sameTree(tree, files map[string][]byte) error {
	for _, p := range sortedPaths(files) {
		if b, ok := tree[p]; !ok {
			return fmt.Errorf("no commit writes %q", p)
		} else if !bytes.Equal(b, files[p]) {
			return fmt.Errorf("no commit writes the last version of %q", p)
		}
	}
	for _, p := range sortedPaths(tree) {
		if _, ok := files[p]; !ok {
			return fmt.Errorf("%q is left in the tree but not in the folder", p)
		}
	}
	return nil
}
