package markdown

import (
	"bytes"
	"strings"

	"gopkg.in/yaml.v3"
)

// maxMeta is the length of front matter that is read, in bytes.
const maxMeta = 64 << 10

// Meta is what a page says of itself in its front matter. Keys with no
// meaning to Callboard are ignored.
type Meta struct {
	Title       string   `json:"title,omitempty"`
	Description string   `json:"description,omitempty"`
	Tags        []string `json:"tags,omitempty"`
	HideNav     bool     `json:"hideNav,omitempty"`
	HideTOC     bool     `json:"hideTOC,omitempty"`
	NoSearch    bool     `json:"noSearch,omitempty"`
	// Err says why front matter could not be read; ErrLine is where.
	Err     string `json:"err,omitempty"`
	ErrLine int    `json:"errLine,omitempty"`
}

// frontMatter splits off YAML between "---" lines at the head of a page. What
// is not a mapping stays part of the page, as in MkDocs (mkdocs/utils/meta.py).
func frontMatter(source []byte) (Meta, []byte) {
	var m Meta
	first, rest := cutLine(source)
	if string(bytes.TrimRight(first, " \t")) != "---" {
		return m, source
	}
	start := rest
	for len(rest) > 0 {
		var line []byte
		before := rest
		line, rest = cutLine(rest)
		if t := string(bytes.TrimRight(line, " \t")); t == "---" || t == "..." {
			head := start[:len(start)-len(before)]
			return m.read(head, source, rest)
		}
	}
	return m, source
}

func (m Meta) read(head, source, rest []byte) (Meta, []byte) {
	if len(head) > maxMeta {
		m.Err, m.ErrLine = "front matter is longer than 64 KiB", 1
		return m, rest
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(head, &doc); err != nil {
		m.Err, m.ErrLine = "front matter is not YAML: "+strings.TrimPrefix(err.Error(), "yaml: "), 1
		return m, rest
	}
	if len(doc.Content) == 0 {
		return m, rest
	}
	root := doc.Content[0]
	if root.Kind != yaml.MappingNode {
		return m, source
	}
	for i := 0; i+1 < len(root.Content); i += 2 {
		m.set(root.Content[i].Value, root.Content[i+1])
	}
	return m, rest
}

func (m *Meta) set(key string, v *yaml.Node) {
	switch key {
	case "title":
		m.Title = scalar(v)
	case "description":
		m.Description = scalar(v)
	case "tags":
		for _, t := range list(v) {
			if len(m.Tags) < 50 {
				m.Tags = append(m.Tags, t)
			}
		}
	case "hide":
		for _, h := range list(v) {
			m.HideNav = m.HideNav || h == "navigation"
			m.HideTOC = m.HideTOC || h == "toc"
		}
	case "search":
		if v.Kind == yaml.MappingNode {
			for i := 0; i+1 < len(v.Content); i += 2 {
				m.NoSearch = m.NoSearch || v.Content[i].Value == "exclude" && v.Content[i+1].Value == "true"
			}
		}
	}
}

func scalar(v *yaml.Node) string {
	if v.Kind == yaml.ScalarNode && v.Tag != "!!null" {
		return strings.TrimSpace(v.Value)
	}
	return ""
}

func list(v *yaml.Node) []string {
	if s := scalar(v); s != "" {
		return []string{s}
	}
	var out []string
	if v.Kind == yaml.SequenceNode {
		for _, c := range v.Content {
			if s := scalar(c); s != "" {
				out = append(out, s)
			}
		}
	}
	return out
}
