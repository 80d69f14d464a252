package catalog

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"github.com/callboard-portal/callboard/generator/catalog/kind"
	"github.com/callboard-portal/callboard/generator/diag"
	"github.com/callboard-portal/callboard/generator/yamldoc"
)

// includeLimits bound files that are taken apart, as $text's need not be.
var includeLimits = yamldoc.Limits{
	Bytes: maxIncludeBytes, Documents: 2, Depth: 100, Nodes: 500_000, Aliases: 10_000, Keys: 20_000,
}

// substitute replaces the placeholders ($text, $json, $yaml, $openapi,
// $asyncapi) in the whole document: mappings with one key, which is one of
// them. Mappings with more keys, and other names such as $ref, are left
// alone; what is put in is not looked at again (Backstage:
// PlaceholderProcessor). One that cannot be read leaves its field out, and
// the entity stays.
func (d *draft) substitute(ctx context.Context, l *loader) {
	for _, key := range sortedNames(d.value) { // in order, since what is included is counted
		if out, ok := d.substituted(ctx, l, d.value[key], key); ok {
			d.value[key] = out
		} else {
			delete(d.value, key)
		}
	}
}

func (d *draft) substituted(ctx context.Context, l *loader, v any, at string) (any, bool) {
	switch x := v.(type) {
	case []any:
		out := x[:0]
		for i, e := range x {
			if r, ok := d.substituted(ctx, l, e, fmt.Sprintf("%s[%d]", at, i)); ok {
				out = append(out, r)
			}
		}
		return out, true
	case map[string]any:
		if name, value, ok := placeholder(x); ok {
			return d.include(ctx, l, name, value, at)
		}
		for _, key := range sortedNames(x) {
			if isScalar(x[key]) {
				continue
			}
			if r, ok := d.substituted(ctx, l, x[key], yamldoc.Join(at, key)); ok {
				x[key] = r
			} else {
				delete(x, key)
			}
		}
	}
	return v, true
}

// annotationDefinition is an old way to include an API's definition, still seen.
const annotationDefinition = "backstage.io/definition-at-location"

// oldDefinition includes what the annotation names, when spec has no definition.
func (d *draft) oldDefinition(ctx context.Context, l *loader) {
	written := d.entity.Annotation(annotationDefinition)
	spec, _ := d.value["spec"].(map[string]any)
	if written == "" || spec == nil || spec["definition"] != nil || d.entity.Kind != "API" {
		return
	}
	for _, scheme := range []string{"url:", "file:"} {
		written = strings.TrimPrefix(written, scheme)
	}
	if text, ok := d.include(ctx, l, "$text", written, "spec.definition"); ok {
		spec["definition"] = text
	}
}

func placeholder(m map[string]any) (name string, value any, ok bool) {
	if len(m) != 1 {
		return "", nil, false
	}
	for key, v := range m {
		switch key {
		case "$text", "$json", "$yaml", "$openapi", "$asyncapi":
			return key, v, true
		}
	}
	return "", nil, false
}

// source is a file that was included: where it is, and its bytes.
type source struct {
	repo *repo  // nil for one read from the network
	path string // in repo
	url  string // its address when repo is nil
	data []byte
}

func (s source) name() string {
	if s.repo == nil {
		return s.url
	}
	return s.path
}

// include reads the file a placeholder names and turns it into a value.
func (d *draft) include(ctx context.Context, l *loader, name string, value any, at string) (any, bool) {
	written, ok := value.(string)
	if !ok || written == "" {
		d.unavailable(codeIncludeSyntax, at, fmt.Sprintf("%s needs a path or an address, not %s", name, kind.TypeWord(value)), "write "+name+": ./openapi.yaml")
		return nil, false
	}
	base := source{repo: d.repo, path: d.entity.Origin.Path}
	src, problem := l.read(ctx, base, written)
	if problem != nil {
		d.unavailable(problem.code, at, problem.message, problem.hint)
		return nil, false
	}
	if problem := d.repo.count(len(src.data)); problem != nil {
		d.unavailable(problem.code, at, problem.message, problem.hint)
		return nil, false
	}
	d.noteInclude(at, src)
	if !utf8.Valid(src.data) {
		d.unavailable(codeIncludeSyntax, at, fmt.Sprintf("%q is not UTF-8 text", written), "save the file as UTF-8")
		return nil, false
	}
	switch name {
	case "$text":
		return string(src.data), true
	case "$openapi", "$asyncapi":
		text, loose, problem := l.bundle(ctx, src)
		if problem == nil {
			problem = d.repo.count(max(0, len(text)-len(src.data)))
		}
		if problem != nil {
			d.unavailable(problem.code, at, problem.message, problem.hint)
			return nil, false
		}
		for _, p := range loose {
			d.report(p.code, diag.Warning, at, p.message, p.hint)
		}
		return text, true
	}
	root, message := parseInclude(src)
	if message != "" {
		d.unavailable(codeIncludeSyntax, at, fmt.Sprintf("%q cannot be included: %s", written, message), "")
		return nil, false
	}
	return yamldoc.Value(root, "", nil), true
}

// count adds to what the repository's descriptors include, and says when it
// is too much: all of it is held in memory until the site is written.
func (r *repo) count(bytes int) *readProblem {
	if r.included += bytes; r.included <= maxIncludedBytes {
		return nil
	}
	return &readProblem{codeIncludeSize,
		fmt.Sprintf("source %q includes more than %d MiB in all; this file and those after it are left out", r.Name, maxIncludedBytes>>20),
		"include smaller files, or split the source"}
}

func (d *draft) noteInclude(at string, src source) {
	if d.entity.Origin.Includes == nil {
		d.entity.Origin.Includes = map[string]string{}
	}
	name := src.name()
	if src.repo != nil && src.repo != d.repo {
		name = src.repo.Web.File(src.path, 0)
	}
	d.entity.Origin.Includes[at] = name
}

// unavailable reports an include that failed, and remembers its field, so
// that it is not called missing as well.
func (d *draft) unavailable(code, at, message, hint string) {
	d.report(code, diag.Error, at, message, hint)
	d.absent = append(d.absent, at)
}

func (d *draft) isUnavailable(field string) bool { return slices.Contains(d.absent, field) }

// parseInclude parses a file that must hold exactly one document.
func parseInclude(src source) (*yaml.Node, string) {
	docs, whole := yamldoc.Parse(diag.Pos{File: src.name()}, src.data, includeLimits)
	if len(whole) > 0 && len(docs) == 0 {
		return nil, whole[0].Message
	}
	if len(docs) != 1 {
		return nil, fmt.Sprintf("it has %d documents, not one", len(docs))
	}
	if docs[0].Root == nil {
		if len(docs[0].Problems) > 0 {
			p := docs[0].Problems[0]
			return nil, fmt.Sprintf("line %d: %s", p.Pos.Line, p.Message)
		}
		return nil, "it is empty"
	}
	return docs[0].Root, ""
}

// readProblem says why a file could not be included.
type readProblem struct{ code, message, hint string }

// read reads the file that written means in base: a path in base's
// repository, an address in a known repository, or one on an allowed host.
func (l *loader) read(ctx context.Context, base source, written string) (source, *readProblem) {
	if base.repo == nil && !isAddress(written) {
		from, err := url.Parse(base.url)
		to, err2 := url.Parse(written)
		if err != nil || err2 != nil {
			return source{}, &readProblem{codeIncludeMissing, fmt.Sprintf("%q is not an address", written), ""}
		}
		written = from.ResolveReference(to).String()
	}
	if isAddress(written) {
		if r, p, ok := l.known.find(written); ok {
			return readFromRepo(r, p, written)
		}
		return l.readAddress(ctx, written)
	}
	p, inside := inRepo(base.path, written)
	if !inside {
		return source{}, &readProblem{codeIncludeOutside, fmt.Sprintf("%q leads out of the repository", written), "only files of the same repository and of hosts that callboard.yaml allows are included"}
	}
	return readFromRepo(base.repo, p, written)
}

func readFromRepo(r *repo, p, written string) (source, *readProblem) {
	b, err := readLimited(r.FS, p, maxIncludeBytes+1)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		hint := "paths are relative to the file that names them; begin with / for the root of the repository"
		if near, ok := r.nearestFile(p, written); ok {
			hint = fmt.Sprintf("did you mean %q?", near)
		}
		return source{}, &readProblem{codeIncludeMissing, fmt.Sprintf("%q does not exist", written), hint}
	case err != nil:
		return source{}, &readProblem{codeIncludeMissing, fmt.Sprintf("%q cannot be read", written), ""}
	case len(b) > maxIncludeBytes:
		return source{}, tooLarge(written)
	}
	return source{repo: r, path: p, data: b}, nil
}

func tooLarge(written string) *readProblem {
	return &readProblem{codeIncludeSize, fmt.Sprintf("%q is larger than %d MiB", written, maxIncludeBytes>>20), "include a smaller file"}
}

func (l *loader) readAddress(ctx context.Context, address string) (source, *readProblem) {
	u, err := url.Parse(address)
	if err != nil || !isWebScheme(u.Scheme) || u.User != nil || !allowedHost(l.opt.AllowHosts, u.Host) {
		return source{}, &readProblem{codeIncludeHost, fmt.Sprintf("%q is on a host that may not be read from", address),
			"add its repository to the sources in callboard.yaml, or its host to catalog.reading.allow"}
	}
	if l.opt.Read == nil {
		return source{}, &readProblem{codeIncludeFailed, fmt.Sprintf("%q is not read: the network is not used in this run", address), ""}
	}
	b, err := l.opt.Read(ctx, address)
	if err != nil {
		return source{}, &readProblem{codeIncludeFailed, fmt.Sprintf("%q cannot be read: %v", address, err), ""}
	}
	if len(b) > maxIncludeBytes {
		return source{}, tooLarge(address)
	}
	return source{url: address, data: b}, nil
}

// allowedHost matches "example.com", "*.example.com" and "example.com:8443";
// a pattern without a port allows only the scheme's own.
func allowedHost(patterns []string, host string) bool {
	host = strings.ToLower(host)
	return slices.ContainsFunc(patterns, func(p string) bool {
		p = strings.ToLower(p)
		if suffix, ok := strings.CutPrefix(p, "*"); ok && strings.HasPrefix(suffix, ".") {
			return len(host) > len(suffix) && strings.HasSuffix(host, suffix)
		}
		return host == p
	})
}
