package page

import (
	"bytes"
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/callboard-portal/callboard/generator/entity"
)

// Paths of the data files, without a leading slash.
const (
	entitiesPath     = "api/catalog/entities.json"
	entityFacetsPath = "api/catalog/entity-facets.json"
	buildPath        = "build.json"
	feedPath         = "feed.xml"
	sitemapPath      = "sitemap.xml"
	llmsPath         = "llms.txt"
	robotsPath       = "robots.txt"
	headersPath      = "_headers"
	redirectsPath    = "_redirects"
)

// reserved are the paths, in lower case, that only the portal itself may use.
var reserved = []string{
	entitiesPath, entityFacetsPath, buildPath, feedPath, sitemapPath, llmsPath, robotsPath, headersPath, redirectsPath,
	"problems/index.html",
}

// maxChunk is the size above which entities.json is cut into several files.
const maxChunk = 5 << 20

// brandFiles publishes logos and icons.
func (b *builder) brandFiles() { b.set.Files = append(b.set.Files, b.in.Brand.Files...) }

// dataFiles publishes the catalog as JSON, at Backstage's paths where a static
// file can be there (Backstage: plugins/catalog-backend REST API).
func (b *builder) dataFiles() {
	all := b.cat.All()
	texts := make([][]byte, len(all))
	files := make([]File, len(all))
	parallel(len(all), func(i int) {
		texts[i] = entityJSON(all[i])
		files[i] = NewFile(EntityJSONPath(all[i].Ref()), append(slices.Clone(texts[i]), '\n'))
	})
	b.set.Files = append(b.set.Files, files...)
	b.set.Files = append(b.set.Files, entitiesFiles(texts, maxChunk)...)
	b.set.Files = append(b.set.Files, NewFile(entityFacetsPath, b.facetsJSON()), b.buildFile())
}

// entityJSON is an entity as Backstage's API gives it.
func entityJSON(e *entity.Entity) []byte {
	m := maps.Clone(e.Metadata.Extra)
	if m == nil {
		m = map[string]any{}
	}
	md := e.Metadata
	m["name"], m["namespace"] = md.Name, cmp.Or(md.Namespace, entity.DefaultNamespace)
	for key, value := range map[string]string{"title": md.Title, "description": md.Description} {
		if value != "" {
			m[key] = value
		}
	}
	if len(md.Labels) > 0 {
		m["labels"] = md.Labels
	}
	if len(md.Annotations) > 0 {
		m["annotations"] = md.Annotations
	}
	if len(md.Tags) > 0 {
		m["tags"] = md.Tags
	}
	if len(md.Links) > 0 {
		m["links"] = md.Links
	}
	type relation struct {
		Type   string `json:"type"`
		Target string `json:"targetRef"`
	}
	relations := []relation{}
	for _, r := range e.Relations {
		relations = append(relations, relation{r.Type, r.Target.Key()})
	}
	return compactJSON(struct {
		APIVersion string         `json:"apiVersion"`
		Kind       string         `json:"kind"`
		Metadata   map[string]any `json:"metadata"`
		Spec       map[string]any `json:"spec,omitempty"`
		Relations  []relation     `json:"relations"`
	}{e.APIVersion, e.Kind, m, e.Spec, relations})
}

// compactJSON writes v on one line. What comes from a descriptor is always
// writable; a value that is not, such as a NaN, becomes null.
func compactJSON(v any) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return []byte("null")
	}
	return bytes.TrimRight(b.Bytes(), "\n")
}

// entitiesFiles makes the list of all entities: one array where it fits the
// limit, else {"total":…,"chunks":["entities-1.json",…]} and arrays beside it.
func entitiesFiles(texts [][]byte, limit int) []File {
	chunks := [][][]byte{nil}
	size, last := 0, 0
	for _, t := range texts {
		if size > 0 && size+len(t) > limit {
			chunks = append(chunks, nil)
			size, last = 0, last+1
		}
		size += len(t) + 2
		chunks[last] = append(chunks[last], t)
	}
	if len(chunks) == 1 {
		return []File{NewFile(entitiesPath, jsonArray(chunks[0]))}
	}
	var out []File
	var names []string
	for i, c := range chunks {
		name := "entities-" + strconv.Itoa(i+1) + ".json"
		names = append(names, name)
		out = append(out, NewFile("api/catalog/"+name, jsonArray(c)))
	}
	index := compactJSON(struct {
		Total  int      `json:"total"`
		Chunks []string `json:"chunks"`
	}{len(texts), names})
	return append(out, NewFile(entitiesPath, append(index, '\n')))
}

// jsonArray writes values one per line.
func jsonArray(values [][]byte) []byte {
	return slices.Concat([]byte("[\n"), bytes.Join(values, []byte(",\n")), []byte("\n]\n"))
}

// facetsJSON counts values as Backstage's /entity-facets does.
func (b *builder) facetsJSON() []byte {
	counts := map[string]map[string]int{}
	count := func(facet string, values ...string) {
		for _, v := range values {
			if v == "" {
				continue
			}
			if counts[facet] == nil {
				counts[facet] = map[string]int{}
			}
			counts[facet][v]++
		}
	}
	for _, e := range b.cat.All() {
		count("kind", e.Kind)
		count("spec.type", e.Type())
		count("spec.lifecycle", e.Lifecycle())
		count("metadata.namespace", e.Metadata.Namespace)
		count("metadata.tags", e.Metadata.Tags...)
		for _, r := range e.Targets(entity.OwnedBy) {
			count("relations.ownedBy", r.Key())
		}
	}
	type value struct {
		Value string `json:"value"`
		Count int    `json:"count"`
	}
	out := map[string][]value{}
	for facet, values := range counts {
		for _, v := range sortedKeys(values) {
			out[facet] = append(out[facet], value{v, values[v]})
		}
	}
	return append(compactJSON(map[string]any{"facets": out}), '\n')
}

// buildFile is build.json, which tells the time of the build.
func (b *builder) buildFile() File {
	f := NewFile(buildPath, b.buildJSON())
	f.Dated = true
	return f
}

// buildJSON says what this build is: with the about page the only place that
// carries the time of the build.
func (b *builder) buildJSON() []byte {
	type source struct {
		Name   string    `json:"name"`
		Ref    string    `json:"ref,omitempty"`
		Commit string    `json:"commit,omitempty"`
		State  string    `json:"state"`
		AsOf   time.Time `json:"asOf,omitzero"`
	}
	sources := []source{}
	for _, c := range sortedKeys(b.checkouts) {
		x := b.checkouts[c]
		sources = append(sources, source{x.Name, x.Ref, x.Commit, string(x.State), x.FetchedAt.UTC()})
	}
	kinds := map[string]int{}
	for _, k := range b.cat.Kinds() {
		kinds[k] = len(b.cat.Kind(k))
	}
	all := countProblems(slices.Concat(b.problems.all, b.diags))
	text, err := json.MarshalIndent(struct {
		Version  string         `json:"version"`
		Now      time.Time      `json:"now"`
		Title    string         `json:"title"`
		Entities map[string]int `json:"entities"`
		Docs     DocStats       `json:"docs"`
		Pages    int            `json:"pages"`
		Problems ProblemCounts  `json:"problems"`
		Sources  []source       `json:"sources"`
	}{b.in.Version, b.in.Now.UTC(), b.in.Portal.Title, kinds, b.docStats(), len(b.set.Pages), all, sources}, "", "  ")
	if err != nil {
		return []byte("{}\n") // a year beyond 9999: nothing else here can fail
	}
	return append(text, '\n')
}

// link from the root of the site, absolute where the portal's address is known.
func (b *builder) fromRoot(path string) string {
	if b.set.Shell.URL != "" {
		return b.absolute(path)
	}
	return strings.TrimPrefix(path, "/")
}
