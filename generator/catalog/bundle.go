package catalog

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/callboard-portal/callboard/generator/yamldoc"
)

// Limits on one bundled definition.
const (
	maxBundleFiles = 200
	maxBundleBytes = 8 << 20 // of the files besides the first
	maxBundleNodes = 500_000
)

// bundle joins an API definition that is spread over files into one text:
// every $ref to another file becomes a $ref inside the definition, to a copy
// of its target among the components. Path items, channels and the like,
// which have no place there, are put in where they are named. Copies are made
// once each, so cycles end. A $ref that leads nowhere is left as it is and
// reported; a definition without $refs to files comes back byte for byte.
func (l *loader) bundle(ctx context.Context, src source) (string, []readProblem, *readProblem) {
	root, message := parseInclude(src)
	if message != "" {
		return "", nil, &readProblem{codeIncludeSyntax, fmt.Sprintf("%q cannot be included: %s", src.name(), message), ""}
	}
	b := &bundler{ctx: ctx, l: l, root: root, files: map[string]*yaml.Node{src.key(): root}, rootKey: src.key(), loaded: map[[2]string]loaded{}, places: map[string]string{}}
	b.walk(root, src, trail{})
	if b.nodes > maxBundleNodes {
		return "", nil, &readProblem{codeIncludeSize, fmt.Sprintf("%q, with all it refers to, has more than %d values", src.name(), maxBundleNodes), "include a smaller definition"}
	}
	if !b.changed {
		return string(src.data), b.problems, nil
	}
	var out bytes.Buffer
	enc := yaml.NewEncoder(&out)
	enc.SetIndent(2)
	if err := enc.Encode(root); err != nil {
		return "", nil, &readProblem{codeIncludeSyntax, fmt.Sprintf("%q cannot be bundled: %v", src.name(), err), ""}
	}
	return out.String(), b.problems, nil
}

func (s source) key() string {
	if s.repo == nil {
		return s.url
	}
	return s.repo.Name + ":" + s.path
}

type bundler struct {
	ctx      context.Context
	l        *loader
	root     *yaml.Node
	rootKey  string
	files    map[string]*yaml.Node // parsed files; nil for those that failed
	loaded   map[[2]string]loaded  // by the file that names them, and how
	bytes    int                   // of all files besides the first
	places   map[string]string     // file#pointer → where its copy is
	open     []string              // what is being put in place, to find cycles
	nodes    int
	changed  bool
	problems []readProblem
}

// loaded is what a reference leads to; root is nil where that is nothing.
type loaded struct {
	src  source
	root *yaml.Node
}

// trail says where in a document a node is: the key it is the value of, and
// the key above. Lists do not count.
type trail struct{ key, above string }

func (t trail) down(key string) trail { return trail{key, t.key} }

// walk replaces the references below n, a node of src.
func (b *bundler) walk(n *yaml.Node, src source, t trail) {
	if b.nodes++; b.nodes > maxBundleNodes {
		return
	}
	switch n.Kind {
	case yaml.SequenceNode:
		for _, c := range n.Content {
			b.walk(c, src, t)
		}
	case yaml.MappingNode:
		if ref := yamldoc.Child(n, "$ref"); ref != nil && ref.Kind == yaml.ScalarNode {
			b.reference(n, ref, src, t)
			return
		}
		for i := 0; i+1 < len(n.Content); i += 2 {
			b.walk(n.Content[i+1], src, t.down(n.Content[i].Value))
		}
	}
}

// reference replaces one $ref, unless it stays inside the definition.
func (b *bundler) reference(n, ref *yaml.Node, src source, t trail) {
	file, pointer, _ := strings.Cut(ref.Value, "#")
	if file == "" && src.key() == b.rootKey {
		return
	}
	target, at, ok := b.load(src, file)
	if !ok {
		return
	}
	if target.key() == b.rootKey {
		b.point(ref, "#"+pointer)
		return
	}
	found := follow(at, pointer)
	if found == nil {
		b.fail(fmt.Sprintf("%q has nothing at %q, which %q names", target.name(), "#"+pointer, src.name()), "")
		return
	}
	if section := b.section(pointer, t); section != nil {
		b.point(ref, b.keep(section, found, target, pointer))
		return
	}
	b.inline(n, found, target, pointer)
}

func (b *bundler) point(ref *yaml.Node, to string) {
	ref.Value, b.changed = to, true
}

func (b *bundler) fail(message, hint string) {
	b.problems = append(b.problems, readProblem{codeBundle, message, hint})
}

// load returns the parsed file a reference names; every file is read once,
// however many references name it.
func (b *bundler) load(src source, file string) (source, *yaml.Node, bool) {
	named := [2]string{src.key(), file}
	l, known := b.loaded[named]
	if !known {
		l = b.read(src, file)
		b.loaded[named] = l
	}
	return l.src, l.root, l.root != nil
}

func (b *bundler) read(src source, file string) loaded {
	target := src
	if file != "" {
		if decoded, err := url.PathUnescape(file); err == nil && !isAddress(file) {
			file = decoded
		}
		if len(b.files) > maxBundleFiles || b.bytes > maxBundleBytes {
			return loaded{}
		}
		read, problem := b.l.read(b.ctx, src, file)
		if problem != nil {
			b.fail(fmt.Sprintf("%q names a file: %s", src.name(), problem.message), problem.hint)
			return loaded{}
		}
		target = read
	}
	root, seen := b.files[target.key()]
	if !seen {
		root = b.parse(target)
		b.files[target.key()] = root
	}
	target.data = nil // what is needed of it is in root
	return loaded{target, root}
}

// parse parses a file within the limits on files and their bytes; nil where it cannot.
func (b *bundler) parse(target source) *yaml.Node {
	if b.bytes += len(target.data); b.bytes > maxBundleBytes {
		b.fail(fmt.Sprintf("the files that the definition refers to have more than %d MiB", maxBundleBytes>>20), "")
		return nil
	}
	if len(b.files) == maxBundleFiles {
		b.fail(fmt.Sprintf("the definition is spread over more than %d files", maxBundleFiles), "")
	}
	root, message := parseInclude(target)
	if message != "" {
		b.fail(fmt.Sprintf("%q cannot be read: %s", target.name(), message), "")
	}
	return root
}

// keep puts a copy of a node among the components and returns where.
func (b *bundler) keep(section []string, found *yaml.Node, src source, pointer string) string {
	id := src.key() + "#" + pointer
	if place, ok := b.places[id]; ok {
		return place
	}
	into := b.root
	for _, key := range section {
		into = childMapping(into, key)
	}
	name := uniqueName(into, componentName(src, pointer))
	place := "#/" + strings.Join(append(slices.Clone(section), name), "/")
	b.places[id] = place
	c := b.copy(found)
	into.Content = append(into.Content, textNode(name), c)
	b.walk(c, src, trail{name, section[len(section)-1]})
	return place
}

// inline puts a copy of a node where it is named.
func (b *bundler) inline(n, found *yaml.Node, src source, pointer string) {
	id := src.key() + "#" + pointer
	if slices.Contains(b.open, id) {
		b.fail(fmt.Sprintf("%q refers to itself", src.name()+"#"+pointer), "only schemas may be recursive")
		return
	}
	b.open = append(b.open, id)
	defer func() { b.open = b.open[:len(b.open)-1] }()
	c := b.copy(found)
	*n, b.changed = *c, true
	b.walk(n, src, trail{})
}

// copy copies a node with aliases expanded, as far as the limit on nodes goes.
func (b *bundler) copy(n *yaml.Node) *yaml.Node {
	n = yamldoc.Resolve(n)
	c := *n
	c.Anchor, c.Content = "", nil
	for _, x := range n.Content {
		if b.nodes++; b.nodes > maxBundleNodes {
			break
		}
		c.Content = append(c.Content, b.copy(x))
	}
	if c.Kind == yaml.MappingNode && len(c.Content)%2 == 1 {
		c.Content = c.Content[:len(c.Content)-1]
	}
	return &c
}

// Keys whose values are schemas, and keys whose values are maps or lists of them.
var (
	schemaKeys  = []string{"schema", "items", "additionalProperties", "not", "payload", "if", "then", "else", "contains", "propertyNames", "allOf", "oneOf", "anyOf", "prefixItems"}
	schemasKeys = []string{"properties", "patternProperties", "schemas", "definitions", "$defs", "dependentSchemas"}
	// sections are the other components, by the key that holds them.
	sections = map[string]string{
		"parameters": "parameters", "responses": "responses", "requestBody": "requestBodies", "requestBodies": "requestBodies",
		"examples": "examples", "headers": "headers", "links": "links", "callbacks": "callbacks",
		"securitySchemes": "securitySchemes", "messages": "messages", "message": "messages",
	}
)

// section says where among the components the target of a reference belongs,
// or nil when it must be put in place.
func (b *bundler) section(pointer string, t trail) []string {
	name := ""
	parts := strings.Split(pointer, "/")
	switch {
	case len(parts) == 4 && parts[1] == "components" && sections[parts[2]] != "", len(parts) == 4 && parts[2] == "schemas":
		name = parts[2]
	case slices.Contains(schemaKeys, t.key), slices.Contains(schemasKeys, t.above), len(parts) == 3 && parts[1] == "definitions":
		name = "schemas"
	case t.key == "parameters", t.key == "requestBody", t.key == "message":
		name = sections[t.key]
	default:
		name = sections[t.above]
	}
	if name == "" {
		return nil
	}
	if yamldoc.Child(b.root, "swagger") == nil {
		return []string{"components", name}
	}
	switch name { // Swagger 2 keeps these at the root and has no others
	case "schemas":
		return []string{"definitions"}
	case "parameters", "responses":
		return []string{name}
	}
	return nil
}

// follow returns what a JSON pointer (RFC 6901) leads to, or nil.
func follow(n *yaml.Node, pointer string) *yaml.Node {
	if pointer == "" || pointer == "/" {
		return n
	}
	for part := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		if decoded, err := url.PathUnescape(part); err == nil {
			part = decoded
		}
		part = strings.NewReplacer("~1", "/", "~0", "~").Replace(part)
		n = yamldoc.Resolve(n)
		switch n.Kind {
		case yaml.MappingNode:
			if n = yamldoc.Child(n, part); n == nil {
				return nil
			}
		case yaml.SequenceNode:
			i, err := strconv.Atoi(part)
			if err != nil || i < 0 || i >= len(n.Content) {
				return nil
			}
			n = n.Content[i]
		default:
			return nil
		}
	}
	return n
}

var notComponentName = regexp.MustCompile(`[^A-Za-z0-9._-]+`)

// componentName makes a component's name of the last word of the pointer, or of the file.
func componentName(src source, pointer string) string {
	name := pointer[strings.LastIndexByte(pointer, '/')+1:]
	if name == "" {
		base := path.Base(src.name())
		name = strings.TrimSuffix(base, path.Ext(base))
	}
	if name = strings.Trim(notComponentName.ReplaceAllString(name, "_"), "_"); name == "" {
		return "part"
	}
	return name
}

func uniqueName(in *yaml.Node, name string) string {
	unique := name
	for i := 2; yamldoc.Child(in, unique) != nil; i++ {
		unique = name + "_" + strconv.Itoa(i)
	}
	return unique
}

// childMapping returns the mapping at a key, making it where it is absent.
func childMapping(n *yaml.Node, key string) *yaml.Node {
	if c := yamldoc.Child(n, key); c != nil && yamldoc.Resolve(c).Kind == yaml.MappingNode {
		return yamldoc.Resolve(c)
	}
	c := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
	n.Content = append(n.Content, textNode(key), c)
	return c
}

func textNode(s string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s}
}
