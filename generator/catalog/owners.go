package catalog

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hmarr/codeowners"

	"github.com/callboard-portal/callboard/generator/diag"
)

// ownerFiles are where CODEOWNERS is looked for; the first one found counts.
var ownerFiles = []string{
	"CODEOWNERS", ".github/CODEOWNERS", ".gitlab/CODEOWNERS", ".bitbucket/CODEOWNERS", "docs/CODEOWNERS",
}

// ownedKinds take an owner from CODEOWNERS when they name none (Backstage:
// codeOwnersProcessor).
var ownedKinds = []string{"API", "Component", "Domain", "Resource", "System"}

const maxOwnersBytes = 3 << 20 // GitHub's own limit

// owners is a repository's CODEOWNERS.
type owners struct {
	path  string
	rules codeowners.Ruleset
}

// ownerFromCodeowners fills in spec.owner when it is absent.
func (d *draft) ownerFromCodeowners() {
	if v := d.entity.Spec["owner"]; (v != nil && v != "") || !slices.Contains(ownedKinds, d.entity.Kind) {
		return
	}
	if spec, present := d.value["spec"]; present && spec != nil && d.entity.Spec == nil {
		return // something else stands there
	}
	if d.repo.owners == nil {
		d.repo.owners = d.repo.readOwners()
	}
	owner, ok := d.repo.owners.of(d.entity.Origin.Path)
	if !ok {
		return
	}
	if d.entity.Spec == nil {
		d.entity.Spec = map[string]any{}
		d.value["spec"] = d.entity.Spec
	}
	d.entity.Spec["owner"] = owner
	d.entity.Origin.OwnerFromCodeowners = true
}

// readOwners parses line by line, since one bad line must not lose the rest:
// that is how the hosts read it.
func (r *repo) readOwners() *owners {
	o := &owners{}
	i := slices.IndexFunc(ownerFiles, r.isFile)
	if i < 0 {
		return o
	}
	o.path = ownerFiles[i]
	b, err := readLimited(r.FS, o.path, maxOwnersBytes)
	if err != nil {
		return o
	}
	n := 0
	for line := range strings.Lines(string(b)) {
		n++
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' || line[0] == '[' || strings.HasPrefix(line, "^[") { // [sections] are GitLab's
			continue
		}
		rules, err := codeowners.ParseFile(strings.NewReader(line), codeowners.WithOwnerMatchers(ownerMatchers))
		if err != nil {
			r.ds.Add(diag.Diagnostic{
				Code: codeCodeowners, Severity: diag.Warning, Pos: diag.Pos{Source: r.Name, File: o.path, Line: n, Column: 1},
				Message: fmt.Sprintf("line is not understood: %v", strings.TrimPrefix(err.Error(), "line 1: ")),
				Hint:    "write a pattern and its owners, such as /docs/ @acme/writers",
			})
			continue
		}
		o.rules = append(o.rules, rules...)
	}
	return o
}

// ownerMatchers accept what GitHub, GitLab (nested groups) and Bitbucket write.
var ownerMatchers = []codeowners.OwnerMatcher{
	codeowners.OwnerMatchFunc(func(s string) (codeowners.Owner, error) {
		name, at := strings.CutPrefix(s, "@")
		switch {
		case at && strings.Contains(name, "/") && !strings.HasSuffix(name, "/"):
			return codeowners.Owner{Value: name[strings.LastIndexByte(name, '/')+1:], Type: codeowners.TeamOwner}, nil
		case at && name != "":
			return codeowners.Owner{Value: name, Type: codeowners.UsernameOwner}, nil
		case !at && strings.Contains(s, "@"):
			return codeowners.Owner{Value: s, Type: codeowners.EmailOwner}, nil
		}
		return codeowners.Owner{}, codeowners.ErrNoMatch
	}),
}

// of returns the first owner of the last rule that matches a path, as an
// entity ref: "@org/team" is the group team, "@name" the user name, and
// "name@example.com" the group name (Backstage: resolveCodeOwner).
func (o *owners) of(path string) (string, bool) {
	rule, err := o.rules.Match(path)
	if err != nil || rule == nil || len(rule.Owners) == 0 {
		return "", false
	}
	switch owner := rule.Owners[0]; owner.Type {
	case codeowners.UsernameOwner:
		return "user:" + owner.Value, true
	case codeowners.EmailOwner:
		name, _, _ := strings.Cut(owner.Value, "@")
		return name, name != ""
	default:
		return owner.Value, true
	}
}
