package generator

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/callboard-portal/callboard/generator/catalog"
	"github.com/callboard-portal/callboard/generator/diag"
)

// Check runs the reading stages of a portal without network and returns what
// they found wrong. It writes nothing but caches in the state folder.
func Check(ctx context.Context, opt Options) (diag.List, error) {
	opt.Offline = true
	p, err := Load(ctx, opt, "")
	var unusable *ConfigError
	if errors.As(err, &unusable) {
		return unusable.Findings, nil
	}
	if err != nil {
		return nil, err
	}
	return p.Findings, nil
}

// CheckRepositories checks single repositories, each by itself, as if they
// were a portal's only source. References to entities that the repository does
// not declare are left out: it cannot know what else a portal holds. The state
// lives in a temporary folder.
func CheckRepositories(ctx context.Context, opt Options, dirs []string) (diag.List, error) {
	var all diag.List
	for _, dir := range dirs {
		list, err := checkRepository(ctx, opt, dir)
		if err != nil {
			return nil, err
		}
		all.Add(list...)
	}
	all.Sort()
	return all, nil
}

func checkRepository(ctx context.Context, opt Options, dir string) (diag.List, error) {
	tmp, err := os.MkdirTemp("", "callboard-check-")
	if err != nil {
		return nil, fmt.Errorf("make a folder for the check's state: %w", err)
	}
	defer os.RemoveAll(tmp)
	if opt.Config, err = WriteRepositoryPortal(tmp, dir); err != nil {
		return nil, err
	}
	opt.StateDir, opt.Output = filepath.Join(tmp, "state"), filepath.Join(tmp, "public")
	list, err := Check(ctx, opt)
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(d diag.Diagnostic) bool { return slices.Contains(catalog.PortalOnly, d.Code) })
	for i := range list {
		list[i].Pos = below(dir, list[i].Pos)
		for j := range list[i].Related {
			list[i].Related[j] = below(dir, list[i].Related[j])
		}
	}
	return list, nil
}

// below turns a place inside the one source into a path as the user would
// write it from where the check was started.
func below(dir string, p diag.Pos) diag.Pos {
	if p.Source == "" {
		return p
	}
	p.Source = ""
	if p.File != "" {
		p.File = filepath.ToSlash(filepath.Join(dir, filepath.FromSlash(p.File)))
	} else {
		p.File = filepath.ToSlash(dir)
	}
	return p
}
