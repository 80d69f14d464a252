package page

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/callboard-portal/callboard/generator/diag"
	"github.com/callboard-portal/callboard/generator/entity"
)

// Limits of a definition shown on a page; the raw file has all of it.
const (
	maxDefinitionLines = 2000
	maxDefinitionBytes = 200 << 10
)

// apiView says what an API offers.
func (b *builder) apiView(e *entity.Entity) *APIView {
	v := &APIView{Type: e.Type(), Remotes: remotes(e)}
	text, declared := definition(e)
	if text == "" {
		v.Unavailable = declared || b.includeFailed(e)
		return v
	}
	v.Language = language(v.Type, text)
	v.Lines, v.Bytes = strings.Count(strings.TrimSuffix(text, "\n"), "\n")+1, len(text)
	v.RawURL = EntityURL(e.Ref()) + "definition." + extension(v.Language)
	shown := firstLines(text, maxDefinitionLines, maxDefinitionBytes)
	v.Truncated = len(shown) < len(text)
	v.Definition = b.code(shown, v.Language)
	return v
}

// includeFailed says whether a placeholder in spec.definition could not be
// resolved: the catalog leaves the value out then, and says why.
func (b *builder) includeFailed(e *entity.Entity) bool {
	return slices.ContainsFunc(b.problems.byEntity[e.Ref().Key()], func(d diag.Diagnostic) bool {
		return d.Field == "spec.definition" && strings.HasPrefix(d.Code, "include-") &&
			d.Pos.Source == e.Origin.Source && d.Pos.File == e.Origin.Path
	})
}

// definition returns spec.definition as text, and whether one is declared at
// all. One that a placeholder brought in as a structure is written as JSON; one
// whose placeholder was left unresolved is not available.
func definition(e *entity.Entity) (text string, declared bool) {
	switch d := e.Spec["definition"].(type) {
	case nil:
		return "", false
	case string:
		return d, true
	case map[string]any:
		for k := range d {
			if len(d) == 1 && strings.HasPrefix(k, "$") && k != "$schema" {
				return "", true
			}
		}
		out, err := json.MarshalIndent(d, "", "  ")
		if err != nil {
			return "", true
		}
		return string(out), true
	}
	return "", true
}

// language is what a definition is written in.
func language(apiType, text string) string {
	begin := strings.TrimLeft(text[:min(len(text), 512)], " \t\r\n\ufeff")
	switch t := strings.ToLower(apiType); {
	case t == "graphql":
		return "graphql"
	case t == "grpc" || t == "protobuf":
		return "protobuf"
	case strings.HasPrefix(begin, "{") || strings.HasPrefix(begin, "["):
		return "json"
	case strings.HasPrefix(begin, "<"):
		return "xml"
	case t == "openapi" || t == "asyncapi" || t == "swagger" || t == "openrpc" || t == "":
		return "yaml"
	}
	return "text"
}

// extension names the raw file. XML is served as text, since a browser would
// run what it holds.
func extension(language string) string {
	switch language {
	case "graphql", "json", "yaml":
		return language
	case "protobuf":
		return "proto"
	}
	return "txt"
}

// firstLines cuts text to whole lines within both limits.
func firstLines(text string, lines, bytes int) string {
	end := 0
	for range lines {
		i := strings.IndexByte(text[end:], '\n')
		if i < 0 {
			i = len(text) - end - 1
		}
		if end+i+1 > bytes {
			break
		}
		if end += i + 1; end == len(text) {
			return text
		}
	}
	if end == 0 {
		return strings.ToValidUTF8(text[:min(len(text), bytes)], "")
	}
	return text[:end]
}

// rawDefinition is the file with an API's whole definition; nil without one.
func (b *builder) rawDefinition(e *entity.Entity, v *APIView) *File {
	if v == nil || v.RawURL == "" {
		return nil
	}
	text, _ := definition(e)
	f := NewFile(strings.TrimPrefix(v.RawURL, "/"), []byte(text))
	return &f
}

// remotes returns the addresses of an MCP or model server.
func remotes(e *entity.Entity) []Remote {
	list, _ := e.Spec["remotes"].([]any)
	var out []Remote
	for _, x := range list {
		m, _ := x.(map[string]any)
		r := Remote{Type: text(m["type"]), Text: text(m["url"])}
		if safeURL(r.Text) && !strings.HasPrefix(r.Text, "mailto:") {
			r.URL = r.Text
		}
		if r.Text != "" || r.Type != "" {
			out = append(out, r)
		}
	}
	return out
}
