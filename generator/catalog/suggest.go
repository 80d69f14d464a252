package catalog

import (
	"slices"
	"strings"

	"github.com/callboard-portal/callboard/generator/diag"
	"github.com/callboard-portal/callboard/generator/entity"
)

// maxSuggestions bounds how many different unknown refs are compared with
// the whole catalog: beyond that, something bigger is wrong than spelling.
const maxSuggestions = 200

// suggestions finds what an unknown ref may have meant.
type suggestions struct {
	byKind map[string][]entity.Ref // by kind, lower case; sorted
	byName map[string][]entity.Ref // by name, lower case; sorted
	done   map[string]string
}

func (g *graph) prepare() {
	if g.suggest.done != nil {
		return
	}
	s := suggestions{byKind: map[string][]entity.Ref{}, byName: map[string][]entity.Ref{}, done: map[string]string{}}
	for _, d := range g.byKey {
		r := d.entity.Ref()
		s.byKind[strings.ToLower(r.Kind)] = append(s.byKind[strings.ToLower(r.Kind)], r)
		s.byName[strings.ToLower(r.Name)] = append(s.byName[strings.ToLower(r.Name)], r)
	}
	for _, m := range []map[string][]entity.Ref{s.byKind, s.byName} {
		for _, refs := range m {
			slices.SortFunc(refs, entity.Ref.Compare)
		}
	}
	g.suggest = s
}

// nearest returns the ref to write instead of one that does not exist, in the
// short form that is understood in its place, or "". The same name in another
// namespace comes before a similar one; the same name of another kind is worth
// naming only where refs have no default kind.
func (g *graph) nearest(ref entity.Ref, kinds []string, namespace, defaultKind string) string {
	g.prepare()
	key := ref.Key() + "|" + namespace + "|" + defaultKind
	if found, ok := g.suggest.done[key]; ok {
		return found
	}
	if len(g.suggest.done) >= maxSuggestions {
		return ""
	}
	found := g.findNearest(ref, kinds, namespace, defaultKind)
	g.suggest.done[key] = found
	return found
}

func (g *graph) findNearest(ref entity.Ref, kinds []string, namespace, defaultKind string) string {
	same := g.suggest.byName[strings.ToLower(ref.Name)]
	for _, r := range same {
		if containsFold(kinds, r.Kind) {
			return written(r, namespace, defaultKind)
		}
	}
	var names []string
	byName := map[string]entity.Ref{}
	for _, k := range kinds {
		for _, r := range g.suggest.byKind[strings.ToLower(k)] {
			if _, seen := byName[r.Name]; !seen {
				byName[r.Name] = r
				names = append(names, r.Name)
			}
		}
	}
	if near, ok := diag.Nearest(ref.Name, names); ok {
		return written(byName[near], namespace, defaultKind)
	}
	if len(same) > 0 && defaultKind == "" { // another kind only where any kind will do
		return written(same[0], namespace, defaultKind)
	}
	return ""
}

// suggestByName returns the ref of an entity of that name, of the kind that
// is likeliest to be depended on, or "".
func (g *graph) suggestByName(text, namespace string) string {
	g.prepare()
	name := text[strings.LastIndexByte(text, '/')+1:]
	same := g.suggest.byName[strings.ToLower(name)]
	for _, k := range []string{"resource", "component", "api"} {
		for _, r := range same {
			if strings.EqualFold(r.Kind, k) {
				return written(r, namespace, "")
			}
		}
	}
	if len(same) > 0 {
		return written(same[0], namespace, "")
	}
	return ""
}

// written is the shortest form of a ref in a place with these defaults.
func written(r entity.Ref, namespace, defaultKind string) string {
	out := r.Name
	if !strings.EqualFold(r.Namespace, namespace) {
		out = strings.ToLower(r.Namespace) + "/" + out
	}
	if !strings.EqualFold(r.Kind, defaultKind) {
		out = strings.ToLower(r.Kind) + ":" + out
	}
	return out
}
