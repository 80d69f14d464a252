package source

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/go-git/go-git/v5/plumbing"

	"github.com/callboard-portal/callboard/generator/diag"
)

// provoke holds, for every code, an input that produces it.
var provoke = map[string]func(t *testing.T, opt Options) diag.List{
	"source-invalid": func(t *testing.T, opt Options) diag.List { return only(mustSync(t, opt, Spec{Git: "-x"})) },
	"source-missing": func(t *testing.T, opt Options) diag.List { return only(mustSync(t, opt, Spec{Directory: "gone"})) },
	"source-empty":   func(t *testing.T, opt Options) diag.List { return only(mustSync(t, opt, Spec{Directory: "gone/*"})) },
	"source-duplicate": func(t *testing.T, opt Options) diag.List {
		write(t, opt.BaseDir, map[string]string{"a/x": ""})
		return only(mustSync(t, opt, Spec{Directory: "a"}, Spec{Directory: "a/"}))
	},
	"source-failed": func(t *testing.T, opt Options) diag.List {
		opt.Offline = true
		return only(mustSync(t, opt, Spec{Git: "https://git.invalid/a/b.git"}))
	},
	"source-stale": func(t *testing.T, opt Options) diag.List {
		r, srv, spec := remoteRepo(t)
		r.set("main", r.simple("one"))
		mustSync(t, opt, spec)
		srv.Close()
		return only(mustSync(t, opt, spec))
	},
	"source-git-unreadable": func(t *testing.T, opt Options) diag.List {
		write(t, opt.BaseDir, map[string]string{"a/.git": "gitdir: nowhere\n"})
		return only(mustSync(t, opt, Spec{Directory: "a"}))
	},
	"source-lock": func(t *testing.T, opt Options) diag.List {
		write(t, opt.StateDir, map[string]string{"lock.json": "?"})
		return only(mustSync(t, opt))
	},
	"tree-name": func(t *testing.T, opt Options) diag.List {
		return oneFile(t, "100644", "a:b")
	},
	"tree-duplicate": func(t *testing.T, opt Options) diag.List {
		_, ds := readTree(t, func(r *rawRepo) plumbing.Hash {
			return r.tree(rawItem{"100644", "a", r.blob("1")}, rawItem{"100644", "a", r.blob("2")})
		})
		return ds
	},
	"tree-collision": func(t *testing.T, opt Options) diag.List {
		_, ds := readTree(t, func(r *rawRepo) plumbing.Hash { return r.files(map[string]string{"A": "1", "a": "2"}) })
		return ds
	},
	"tree-link":      func(t *testing.T, opt Options) diag.List { return oneFile(t, "120000", "a") },
	"tree-submodule": func(t *testing.T, opt Options) diag.List { return oneFile(t, "160000", "a") },
	"tree-entries": func(t *testing.T, opt Options) diag.List {
		_, ds := readTree(t, func(r *rawRepo) plumbing.Hash {
			h := r.files(map[string]string{"a": "1", "b": "1", "c": "1", "d": "1", "e": "1", "f": "1", "g": "1", "h": "1", "i": "1", "j": "1"})
			for range 4 {
				h = r.tree(rawItem{"40000", "0", h}, rawItem{"40000", "1", h}, rawItem{"40000", "2", h}, rawItem{"40000", "3", h},
					rawItem{"40000", "4", h}, rawItem{"40000", "5", h}, rawItem{"40000", "6", h}, rawItem{"40000", "7", h}, rawItem{"40000", "8", h})
			}
			return h
		})
		return ds
	},
	"tree-depth": func(t *testing.T, opt Options) diag.List {
		write(t, opt.BaseDir, map[string]string{"a/" + strings.Repeat("d/", maxTreeDepth) + "x": ""})
		return only(mustSync(t, opt, Spec{Directory: "a"}))
	},
	"tree-lfs": func(t *testing.T, opt Options) diag.List {
		_, ds := readTree(t, func(r *rawRepo) plumbing.Hash {
			return r.files(map[string]string{".gitattributes": "* filter=lfs", "a.png": "version https://git-lfs.github.com/spec/v1\n"})
		})
		return ds
	},
	"discovery-failed": func(t *testing.T, opt Options) diag.List {
		opt.Offline = true
		return only(mustSync(t, opt, Spec{GitHub: &GitHub{Organization: "acme"}}))
	},
	"discovery-stale": func(t *testing.T, opt Options) diag.List {
		forge := newForge(t)
		forge.repos = []map[string]any{gitHubRepoJSON("a", nil)}
		spec := Spec{GitHub: &GitHub{Organization: "acme", API: forge.URL + "/api/v3"}}
		plans(t, opt, spec)
		forge.status = 404
		_, _, ds := plans(t, opt, spec)
		return ds
	},
	"discovery-empty": func(t *testing.T, opt Options) diag.List {
		_, _, ds := plans(t, opt, Spec{GitHub: &GitHub{Organization: "acme", API: newForge(t).URL + "/api/v3"}})
		return ds
	},
	"discovery-limit": func(t *testing.T, opt Options) diag.List {
		a, err := newGitHub(GitHub{Organization: "acme"})
		if err != nil {
			t.Fatal(err)
		}
		_, ds := a.jobs(Spec{}, make([]listed, maxDiscovered+1), &findings{})
		return ds
	},
}

func only[T any](_ T, ds diag.List) diag.List { return ds }

func oneFile(t *testing.T, mode, name string) diag.List {
	_, ds := readTree(t, func(r *rawRepo) plumbing.Hash { return r.tree(rawItem{mode, name, r.blob("/gone")}) })
	return ds
}

func TestEveryRuleHasAnInput(t *testing.T) {
	for _, r := range Rules {
		t.Run(r.Code, func(t *testing.T) {
			if r.Summary == "" || len(r.Explain) < 60 || strings.HasSuffix(r.Code, "-") {
				t.Error("the rule does not explain itself")
			}
			do := provoke[r.Code]
			if do == nil {
				t.Fatal("no input provokes it")
			}
			opt := options(t)
			opt.Retries = -1
			ds := do(t, opt)
			i := slices.IndexFunc(ds, func(d diag.Diagnostic) bool { return d.Code == r.Code })
			if i < 0 {
				t.Fatalf("not among %v", ds)
			}
			if d := ds[i]; d.Severity != r.Severity || d.Message == "" || strings.HasSuffix(d.Message, ".") {
				t.Errorf("%+v", d)
			}
		})
	}
	if len(provoke) != len(Rules) {
		t.Error("provoke has codes that are no rules")
	}
}

// TestEveryCodeIsARule reads the program text: a code that is not in Rules
// would panic only when it is first needed.
func TestEveryCodeIsARule(t *testing.T) {
	known := map[string]bool{}
	for _, r := range Rules {
		known[r.Code] = true
	}
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	code := regexp.MustCompile(`"((?:source|tree|discovery)-[a-z-]+)"`)
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range code.FindAllStringSubmatch(string(b), -1) {
			if !known[m[1]] && m[1] != WorkerVerb {
				t.Errorf("%s: %q is not in Rules", name, m[1])
			}
		}
	}
}
