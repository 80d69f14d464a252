package page

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/callboard-portal/callboard/generator/entity"
)

// specShown are the fields of spec that other parts of an entity's page show,
// for every kind and by kind. What is left, of custom kinds mostly, is listed
// as it stands.
var (
	specShown = []string{"type", "lifecycle", "owner", "system", "domain", "subdomainOf", "subcomponentOf", "dependsOn", "dependencyOf", "providesApis", "consumesApis"}

	specShownBy = map[string][]string{
		"api":      {"definition", "remotes"},
		"group":    {"profile", "parent", "children", "members"},
		"user":     {"profile", "memberOf"},
		"template": {"parameters", "steps", "output"},
		"location": {"target", "targets"},
	}
)

// Limits of the listing of spec.
const (
	maxSpecFields = 200
	maxSpecDepth  = 8
	maxSpecBytes  = 16 << 10
)

// specFields lists what is left of spec.
func specFields(e *entity.Entity) []SpecField {
	var out []SpecField
	also := specShownBy[strings.ToLower(e.Kind)]
	for _, key := range sortedKeys(e.Spec) {
		if !slices.Contains(specShown, key) && !slices.Contains(also, key) {
			out = flatten(out, key, e.Spec[key], 0)
		}
	}
	return out
}

// flatten appends the leaves below a value, each with its path.
func flatten(out []SpecField, path string, value any, depth int) []SpecField {
	if len(out) >= maxSpecFields {
		return out
	}
	switch v := value.(type) {
	case map[string]any:
		if depth >= maxSpecDepth || len(v) == 0 {
			return append(out, SpecField{Path: path, Values: []string{asJSON(v)}})
		}
		for _, key := range sortedKeys(v) {
			out = flatten(out, path+"."+key, v[key], depth+1)
		}
		return out
	case []any:
		if values := texts(v); len(values) == len(v) && len(v) > 0 && !slices.ContainsFunc(values, isBlock) {
			return append(out, SpecField{Path: path, Values: values})
		}
		if depth >= maxSpecDepth || len(v) == 0 {
			return append(out, SpecField{Path: path, Values: []string{asJSON(v)}})
		}
		for i, x := range v {
			out = flatten(out, path+"["+strconv.Itoa(i)+"]", x, depth+1)
		}
		return out
	}
	s := text(value)
	if len(s) > maxSpecBytes {
		s = strings.ToValidUTF8(s[:maxSpecBytes], "") + "…"
	}
	if isBlock(s) {
		return append(out, SpecField{Path: path, Block: s})
	}
	return append(out, SpecField{Path: path, Values: []string{s}})
}

func isBlock(s string) bool { return strings.Contains(strings.TrimSpace(s), "\n") }

func asJSON(v any) string {
	out, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	s := string(out)
	if len(s) > maxSpecBytes {
		s = strings.ToValidUTF8(s[:maxSpecBytes], "") + "…"
	}
	return s
}

// text writes a scalar of a descriptor as people wrote it; "" for what is not one.
func text(v any) string {
	switch x := v.(type) {
	case nil, map[string]any, []any:
		return ""
	case string:
		return x
	case bool:
		return strconv.FormatBool(x)
	case float64:
		return strconv.FormatFloat(x, 'f', -1, 64)
	case time.Time:
		return x.Format(time.RFC3339)
	}
	return fmt.Sprint(v)
}

// texts returns the scalars of a list; a scalar alone counts as a list of one.
func texts(v any) []string {
	list, ok := v.([]any)
	if !ok {
		if s := text(v); s != "" {
			return []string{s}
		}
		return nil
	}
	var out []string
	for _, x := range list {
		if s := text(x); s != "" {
			out = append(out, s)
		}
	}
	return out
}
