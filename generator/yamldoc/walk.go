package yamldoc

import (
	"fmt"
	"strconv"

	"gopkg.in/yaml.v3"

	"github.com/callboard-portal/callboard/generator/diag"
)

// walk goes over a parsed document as a reader of its values would, aliases
// followed: it enforces limits and finds what YAML allows but nobody means.
type walk struct {
	at       diag.Pos
	lim      Limits
	doc      *Document
	nodes    int
	aliases  int
	open     []*yaml.Node // anchored nodes we are inside of
	unusable bool         // a limit was passed: stop
}

// stop reports a limit and makes the document unusable.
func (w *walk) stop(code string, n *yaml.Node, message, hint string) {
	if w.unusable {
		return
	}
	w.unusable = true
	w.doc.Problems.Add(diag.Diagnostic{
		Code: code, Severity: diag.Error, Pos: Position(w.at, n), Message: message, Hint: hint,
	})
}

func (w *walk) node(n *yaml.Node, path string, depth int) {
	w.nodes++
	switch {
	case w.lim.Depth > 0 && depth > w.lim.Depth:
		w.stop(codeDepth, n, fmt.Sprintf("nested more than %d levels deep", w.lim.Depth), "flatten the structure")
	case w.lim.Nodes > 0 && w.nodes > w.lim.Nodes:
		w.stop(codeNodes, n, fmt.Sprintf("document has more than %d values, aliases expanded", w.lim.Nodes), "split the document")
	}
	if w.unusable {
		return
	}
	w.tag(n, path)
	switch n.Kind {
	case yaml.AliasNode:
		w.alias(n, path, depth)
	case yaml.ScalarNode:
		if w.lim.Scalar > 0 && len(n.Value) > w.lim.Scalar && path != w.lim.LongField {
			w.stop(codeScalar, n, fmt.Sprintf("%s is %d bytes long, more than %d", describe(path), len(n.Value), w.lim.Scalar),
				"move the text into a file and include it with $text")
		}
	case yaml.SequenceNode, yaml.MappingNode:
		if n.Anchor != "" {
			w.open = append(w.open, n)
			defer func() { w.open = w.open[:len(w.open)-1] }()
		}
		w.children(n, path, depth)
	}
}

func (w *walk) children(n *yaml.Node, path string, depth int) {
	if n.Kind == yaml.MappingNode {
		w.mapping(n, path, depth)
		return
	}
	for i, c := range n.Content {
		if w.node(c, path+"["+strconv.Itoa(i)+"]", depth+1); w.unusable {
			return
		}
	}
}

func (w *walk) alias(n *yaml.Node, path string, depth int) {
	w.aliases++
	if w.lim.Aliases > 0 && w.aliases > w.lim.Aliases {
		w.stop(codeAliases, n, fmt.Sprintf("document has more than %d aliases", w.lim.Aliases), "write the values out")
		return
	}
	for _, o := range w.open {
		if o == n.Alias {
			w.stop(codeAliasCycle, n, fmt.Sprintf("alias *%s stands inside the value it refers to", n.Value), "write the value out")
			return
		}
	}
	w.node(n.Alias, path, depth)
}

func (w *walk) mapping(n *yaml.Node, path string, depth int) {
	if keys := len(n.Content) / 2; w.lim.Keys > 0 && keys > w.lim.Keys {
		w.stop(codeKeys, n, fmt.Sprintf("mapping has %d keys, more than %d", keys, w.lim.Keys), "split it")
		return
	}
	seen := make(map[string]*yaml.Node, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		w.nodes++
		w.key(k, path, seen)
		if w.node(v, Join(path, k.Value), depth+1); w.unusable {
			return
		}
	}
}

// key checks one key; keys of any kind but scalars have no meaning here.
func (w *walk) key(k *yaml.Node, path string, seen map[string]*yaml.Node) {
	problem := diag.Diagnostic{Severity: diag.Error, Pos: Position(w.at, k), Field: path}
	switch {
	case k.Kind != yaml.ScalarNode:
		// Backstage's parser takes such a key as text, so the document is not at fault.
		problem.Severity = diag.Warning
		problem.Code, problem.Message = codeKey, "a key must be plain text"
		problem.Hint = "put the key in quotes if it should begin with [ { or *"
		if k.Kind == yaml.MappingNode {
			problem.Hint = "put the value in quotes: {{ begins a mapping inside a mapping"
		}
	case isMergeKey(k):
		problem.Code, problem.Message = codeMergeKey, `merge key "<<" is not part of YAML 1.2 and is not followed`
		problem.Hint = "write the merged values out"
	case seen[k.Value] != nil:
		first := seen[k.Value]
		problem.Code = codeDuplicateKey
		problem.Message = fmt.Sprintf("key %q appears twice; the first, on line %d, counts", k.Value, first.Line)
		problem.Related = []diag.Pos{Position(w.at, first)}
		problem.Hint = "remove one of the two"
	default:
		seen[k.Value] = k
		return
	}
	w.doc.Problems.Add(problem)
}

// tag reports tags outside the core schema; their values count as plain text.
func (w *walk) tag(n *yaml.Node, path string) {
	if n.Style&yaml.TaggedStyle == 0 || n.Kind == yaml.AliasNode {
		return
	}
	switch n.ShortTag() {
	case "!!str", "!!int", "!!float", "!!bool", "!!null", "!!map", "!!seq", "!":
		return
	}
	w.doc.Problems.Add(diag.Diagnostic{
		Code: codeTag, Severity: diag.Warning, Pos: Position(w.at, n), Field: path,
		Message: fmt.Sprintf("tag %q is not known and is ignored", n.ShortTag()),
		Hint:    "remove the tag",
	})
}

func describe(path string) string {
	if path == "" {
		return "the text"
	}
	return strconv.Quote(path)
}
