package search

import (
	"encoding/json"
	"regexp"
	"strings"

	"github.com/callboard-portal/callboard/generator/entity"
)

// Limits of an API definition: more of it is not looked through.
const (
	maxDefinition = 4 << 20 // bytes
	maxOperations = 150
)

// operations lists what an API definition offers as sections, so that an
// operation, channel, message or type is found by its name. It reads lines,
// not documents: a definition that is broken or cut still gives its names.
func operations(e *entity.Entity) []Section {
	text, ok := e.Spec["definition"].(string)
	if !ok && e.Spec["definition"] != nil {
		b, err := json.MarshalIndent(e.Spec["definition"], "", "  ")
		if err != nil {
			return nil
		}
		text = string(b)
	}
	s := scanner{}
	for line := range strings.Lines(clip(text, maxDefinition)) {
		if len(s.out) == maxOperations {
			break
		}
		s.line(strings.TrimRight(line, "\r\n"))
	}
	return s.out
}

var (
	// OpenAPI and AsyncAPI, in YAML or JSON.
	keyLine   = regexp.MustCompile(`^(\s*)["']?([^"'\s:{}\[\]#-][^"':]*)["']?\s*:\s*["']?([^"',{[]*)`)
	methodKey = regexp.MustCompile(`^(get|put|post|delete|patch|head|options|trace|query)$`)
	// GraphQL and protobuf.
	typeLine  = regexp.MustCompile(`^\s*(?:extend\s+)?(type|interface|input|union|enum|scalar|service|message)\s+(\w+)`)
	rpcLine   = regexp.MustCompile(`^\s*rpc\s+(\w+)`)
	fieldLine = regexp.MustCompile(`^\s+(\w+)\s*[(:]`)
)

// scanner is where [operations] stands in a definition.
type scanner struct {
	out      []Section
	path     string // OpenAPI path, with its indentation
	indent   int
	channels int    // indentation of AsyncAPI's channels, -1 before the first, 0 outside
	parent   string // GraphQL root type or protobuf service
}

func (s *scanner) add(heading, code string) {
	s.out = append(s.out, Section{Heading: heading, Code: code})
}

func (s *scanner) line(line string) {
	if m := typeLine.FindStringSubmatch(line); m != nil {
		s.parent = ""
		if m[1] == "service" || m[2] == "Query" || m[2] == "Mutation" || m[2] == "Subscription" {
			s.parent = m[2]
		}
		s.add(m[1]+" "+m[2], m[2])
		return
	}
	if m := rpcLine.FindStringSubmatch(line); m != nil {
		s.add(strings.TrimPrefix(s.parent+"."+m[1], "."), m[1])
		return
	}
	if s.parent != "" {
		if m := fieldLine.FindStringSubmatch(line); m != nil {
			s.add(s.parent+"."+m[1], m[1])
		}
		return
	}
	if m := keyLine.FindStringSubmatch(line); m != nil {
		value, _, _ := strings.Cut(m[3], "#")
		s.key(len(m[1]), strings.TrimSpace(m[2]), strings.TrimSpace(value))
	}
}

// key reads a key of OpenAPI or AsyncAPI, with the value on its line.
func (s *scanner) key(indent int, key, value string) {
	last := len(s.out) - 1
	switch {
	case key == "channels" && value == "":
		s.path, s.channels = "", -1
	case s.channels == -1 && indent > 0, s.channels > 0 && indent == s.channels:
		s.channels = indent
		s.add("channel "+key, key)
	case s.channels != 0 && indent < s.channels:
		s.channels = 0
		s.key(indent, key, value)
	case strings.HasPrefix(key, "/") && value == "":
		s.path, s.indent = key, indent
	case s.path != "" && indent <= s.indent:
		s.path = ""
	case s.path != "" && methodKey.MatchString(key) && value == "":
		s.add(strings.ToUpper(key)+" "+s.path, s.path)
	case last >= 0 && (s.path != "" || s.channels != 0) && key == "operationId":
		s.out[last].Code += " " + value
	case last >= 0 && (s.path != "" || s.channels != 0) && (key == "summary" || key == "description") && s.out[last].Text == "":
		s.out[last].Text = value
	}
}
