package config

import (
	"fmt"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/callboard-portal/callboard/generator/diag"
)

// check finds what single fields cannot show, and completes what is derived.
func (c *Config) check(d *decoder) {
	if c.Portal.URL != "" && !strings.HasSuffix(c.Portal.URL, "/") {
		c.Portal.URL += "/"
	}
	for i := range c.Kinds {
		if c.Kinds[i].Plural == "" && c.Kinds[i].Kind != "" {
			c.Kinds[i].Plural = c.Kinds[i].Kind + "s"
		}
	}
	names, kinds := map[string]diag.Pos{}, map[string]diag.Pos{}
	for i := range c.Sources {
		s, path := &c.Sources[i], fmt.Sprintf("sources[%d]", i)
		s.check(d, path)
		d.once(names, "source name", s.Name, path+".name")
	}
	for i, k := range c.Kinds {
		d.once(kinds, "kind", k.Kind, fmt.Sprintf("kinds[%d].kind", i))
	}
}

// once reports a name that was used before.
func (d *decoder) once(seen map[string]diag.Pos, what, name, path string) {
	if name == "" {
		return
	}
	key := strings.ToLower(name)
	if first, ok := seen[key]; ok {
		d.ds.Add(diag.Diagnostic{
			Code: codeDuplicate, Severity: diag.Error, Pos: d.place(path), Field: path, Related: []diag.Pos{first},
			Message: fmt.Sprintf("%s %q is used twice", what, name), Hint: "choose another name for one of them",
		})
		return
	}
	seen[key] = d.place(path)
}

func (s *Source) check(d *decoder, path string) {
	var set []string
	for _, p := range []struct {
		key string
		is  bool
	}{
		{"git", s.Git != ""}, {"directory", s.Directory != ""}, {"file", s.File != ""},
		{"github", s.GitHub != nil}, {"gitlab", s.GitLab != nil},
	} {
		if p.is {
			set = append(set, p.key)
		}
	}
	report := func(code, field, message, hint string) {
		severity := diag.Error
		if code == codeSecret {
			severity = diag.Warning
		}
		d.ds.Add(diag.Diagnostic{Code: code, Severity: severity, Pos: s.placeIn(d, field, path), Field: field, Message: message, Hint: hint})
	}
	switch len(set) {
	case 0:
		report(codeSource, path, "the source does not say where it is", "give it one of git, directory, file, github and gitlab")
	case 1:
		s.checkPlace(set[0], path, report)
	default:
		report(codeSource, path, "the source is in several places: "+strings.Join(set, " and "), "make each a source of its own")
	}
	s.checkAuth(path, report)
	checkGlobs(s.Descriptors, path+".descriptors", report)
}

// placeIn returns where a field of the source stands, or the source itself.
func (s *Source) placeIn(d *decoder, field, path string) diag.Pos {
	if field == path {
		return s.Pos
	}
	return d.place(field)
}

func (s *Source) checkPlace(place, path string, report reporter) {
	switch {
	case place == "github" && (s.GitHub.Organization == "") == (s.GitHub.User == ""):
		report(codeSource, path+".github", "github needs either an organization or a user", "write github: {organization: acme}")
	case s.Name != "" && (place == "github" || place == "gitlab"):
		report(codeSource, path+".name", fmt.Sprintf("a %s source stands for many repositories and cannot have a name", place), "remove the name")
	case place == "git" && urlHasPassword(s.Git):
		report(codeSecret, path+".git", "the URL contains a password", "move it into auth: {token: \"${NAME}\"}")
	}
	if f := s.filter(); f != nil {
		checkGlobs(f.Match, path+"."+place+".match", report)
		checkGlobs(f.Exclude, path+"."+place+".exclude", report)
	}
}

func (s *Source) filter() *Filter {
	switch {
	case s.GitHub != nil:
		return &s.GitHub.Filter
	case s.GitLab != nil:
		return &s.GitLab.Filter
	}
	return nil
}

func (s *Source) checkAuth(path string, report reporter) {
	a := s.Auth
	switch {
	case a.Token.IsSet() && (a.Password.IsSet() || a.SSHKey != ""):
		report(codeSource, path+".auth", "a token excludes a password and an ssh key", "keep one of them")
	case a.Password.IsSet() && a.Username == "" && a.SSHKey == "":
		report(codeSource, path+".auth", "a password needs a username", "add username, or use token")
	}
}

func checkGlobs(globs Patterns, path string, report reporter) {
	for i, g := range globs {
		if !doublestar.ValidatePattern(g) {
			report(codeValue, fmt.Sprintf("%s[%d]", path, i), fmt.Sprintf("%q is not a glob", g), "globs are written like docs/**/*.{yaml,yml}")
		}
	}
}

func urlHasPassword(u string) bool {
	_, rest, ok := strings.Cut(u, "://")
	if !ok {
		return false
	}
	host, _, _ := strings.Cut(rest, "/")
	user, _, ok := strings.Cut(host, "@")
	return ok && strings.Contains(user, ":")
}

// reporter notes an error about a source.
type reporter func(code, field, message, hint string)
