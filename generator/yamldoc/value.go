package yamldoc

import (
	"math"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/callboard-portal/callboard/generator/diag"
)

// Value converts a node that [Parse] returned to nil, bool, int64, float64,
// string, []any and map[string]any, with aliases expanded. Of a key that
// appears twice the first counts, as Parse's diagnostic says.
//
// For each value below n it calls visit with its path, such as
// "spec.dependsOn[2]" below base, and its node; visit may be nil.
func Value(n *yaml.Node, base string, visit func(path string, n *yaml.Node)) any {
	if visit != nil && base != "" {
		visit(base, n)
	}
	switch n.Kind {
	case yaml.AliasNode:
		return Value(n.Alias, base, nil)
	case yaml.SequenceNode:
		out := make([]any, len(n.Content))
		for i, c := range n.Content {
			out[i] = Value(c, base+"["+strconv.Itoa(i)+"]", visit)
		}
		return out
	case yaml.MappingNode:
		out := make(map[string]any, len(n.Content)/2)
		Each(n, func(k, v *yaml.Node) { out[k.Value] = Value(v, Join(base, k.Value), visit) })
		return out
	default:
		v, _ := Scalar(n)
		return v
	}
}

// Each calls f for every entry of a mapping (or an alias of one) whose key is
// plain text, the first of each key only, leaving out merge keys.
func Each(n *yaml.Node, f func(key, value *yaml.Node)) {
	n = Resolve(n)
	if n.Kind != yaml.MappingNode {
		return
	}
	seen := make(map[string]bool, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		k := n.Content[i]
		if k.Kind != yaml.ScalarNode || seen[k.Value] || isMergeKey(k) {
			continue
		}
		seen[k.Value] = true
		f(k, n.Content[i+1])
	}
}

// Child returns the first value of a key in a mapping (or an alias of one), or nil.
func Child(n *yaml.Node, key string) *yaml.Node {
	n = Resolve(n)
	if n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if k := n.Content[i]; k.Kind == yaml.ScalarNode && k.Value == key && !isMergeKey(k) {
			return n.Content[i+1]
		}
	}
	return nil
}

// Resolve follows an alias to the node it stands for.
func Resolve(n *yaml.Node) *yaml.Node {
	for n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	return n
}

// Word says what a node is, for messages: "a mapping", "a list" or "a single value".
func Word(n *yaml.Node) string {
	switch Resolve(n).Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	}
	return "a single value"
}

// Join returns the path of a key inside the value at base.
func Join(base, key string) string {
	if base == "" {
		return key
	}
	return base + "." + key
}

// Position returns the place of a node that [Parse] returned.
func Position(at diag.Pos, n *yaml.Node) diag.Pos {
	return diag.Pos{Source: at.Source, File: at.File, Line: n.Line, Column: n.Column}
}

// Scalar returns a scalar's value by YAML 1.2's core schema (YAML 1.2.2
// section 10.3.2), and false for other nodes: yes, no, on, off, dates and
// 1_000 are strings, 0777 is 777. Infinities and NaN stay strings, since JSON
// has none.
func Scalar(n *yaml.Node) (any, bool) {
	if n.Kind != yaml.ScalarNode {
		return nil, false
	}
	if n.Style&yaml.TaggedStyle != 0 {
		return tagged(n), true
	}
	if n.Style != 0 {
		return n.Value, true
	}
	return plain(n.Value), true
}

func tagged(n *yaml.Node) any {
	switch n.ShortTag() {
	case "!!null":
		return nil
	case "!!int", "!!float", "!!bool":
		return plain(n.Value)
	}
	return n.Value
}

func plain(s string) any {
	switch s {
	case "", "~", "null", "Null", "NULL":
		return nil
	case "true", "True", "TRUE":
		return true
	case "false", "False", "FALSE":
		return false
	}
	if v, ok := number(s); ok {
		return v
	}
	return s
}

func number(s string) (any, bool) {
	digits := strings.TrimLeft(s, "+-")
	if digits == "" || len(s)-len(digits) > 1 || (digits[0] != '.' && (digits[0] < '0' || digits[0] > '9')) {
		return nil, false
	}
	if len(digits) == len(s) && len(s) > 2 && s[0] == '0' && (s[1] == 'o' || s[1] == 'x') {
		v, err := strconv.ParseInt(s[2:], map[byte]int{'o': 8, 'x': 16}[s[1]], 64)
		return v, err == nil && s[2] != '-' && s[2] != '+'
	}
	if strings.Trim(digits, "0123456789") == "" {
		if v, err := strconv.ParseInt(s, 10, 64); err == nil {
			return v, true
		}
	}
	if strings.Trim(digits, "0123456789.eE+-") != "" {
		return nil, false
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsInf(v, 0) || !strings.ContainsAny(digits, "0123456789") {
		return nil, false
	}
	return v, true
}

func isMergeKey(k *yaml.Node) bool {
	return k.Value == "<<" && k.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) == 0
}
