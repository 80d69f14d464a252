// Package yamldoc reads YAML that somebody else wrote: it cuts a stream into
// documents, parses each on its own within limits, and gives every node its
// position in the file. What is wrong comes back as diagnostics beside the
// documents that are right. Begin with [Parse]; [Value] turns nodes into plain
// values by the rules of YAML 1.2's core schema.
//
// JSON is accepted wherever YAML is, since it is a subset.
package yamldoc

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"github.com/callboard-portal/callboard/generator/diag"
)

// Limits bound what a file may hold; 0 means no bound. Each has a diagnostic
// of its own.
type Limits struct {
	// Bytes of the whole file.
	Bytes int
	// Documents in the stream; those beyond are left out.
	Documents int
	// Depth of nesting, Nodes counted with aliases expanded, and Aliases, per document.
	Depth, Nodes, Aliases int
	// Keys in one mapping.
	Keys int
	// Scalar is the length in bytes of one scalar; LongField is the path of
	// one field, such as "spec.definition", that may be longer.
	Scalar    int
	LongField string
}

// DefaultLimits are generous for anything written by hand and far below what
// makes yaml.v3 slow (decoding one mapping of 40,000 keys took it 18 seconds).
var DefaultLimits = Limits{
	Bytes: 256 << 10, Documents: 100, Depth: 32, Nodes: 20_000, Aliases: 100,
	Keys: 2_000, Scalar: 64 << 10, LongField: "spec.definition",
}

// Document is one document of a stream.
type Document struct {
	// Index counts the stream's documents from 0, Line is where it begins, from 1.
	Index, Line int
	// Text is the document as written, without its marker line where that
	// holds nothing else.
	Text string
	// Root is the content, its lines and columns those of the file; nil when
	// the document is empty or broken. Aliases are still alias nodes.
	Root *yaml.Node
	// Problems are the diagnostics about this document. Root is nil when one
	// of them made it unusable.
	Problems diag.List
}

// Empty reports whether the document holds nothing, or only null, and nothing is wrong with it.
func (d *Document) Empty() bool { return d.Root == nil && len(d.Problems) == 0 }

// Parse reads a stream. at names the file: only its Source and File are used.
// A document that cannot be used has Problems and a nil Root and never affects
// its siblings. The list holds what concerns the file as a whole; when the
// file is too large or no text, it is all there is.
func Parse(at diag.Pos, b []byte, lim Limits) ([]Document, diag.List) {
	at = diag.Pos{Source: at.Source, File: at.File, Line: 1, Column: 1}
	if d, bad := unreadable(at, b, lim); bad {
		return nil, diag.List{d}
	}
	chunks := Split(bytes.TrimPrefix(b, []byte("\uFEFF")))
	var whole diag.List
	if lim.Documents > 0 && len(chunks) > lim.Documents {
		p := at
		p.Line = chunks[lim.Documents].Line
		whole.Add(diag.Diagnostic{
			Code: codeDocuments, Severity: diag.Error, Pos: p,
			Message: fmt.Sprintf("file has %d documents, more than the %d that are read; the rest is left out", len(chunks), lim.Documents),
			Hint:    "spread the documents over several files",
		})
		chunks = chunks[:lim.Documents]
	}
	docs := make([]Document, len(chunks))
	for i, c := range chunks {
		docs[i] = parseChunk(at, c, lim)
		docs[i].Index = i
	}
	return docs, whole
}

func unreadable(at diag.Pos, b []byte, lim Limits) (diag.Diagnostic, bool) {
	if lim.Bytes > 0 && len(b) > lim.Bytes {
		return diag.Diagnostic{
			Code: codeBytes, Severity: diag.Error, Pos: at,
			Message: fmt.Sprintf("file is larger than %d KiB, and none of it is read", lim.Bytes>>10),
			Hint:    "split the file, or move long values into files of their own and include them with $text",
		}, true
	}
	if utf8.Valid(b) {
		return diag.Diagnostic{}, false
	}
	line, column := 1, 1
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		if r == utf8.RuneError && n == 1 {
			break
		}
		column += n
		if r == '\n' {
			line, column = line+1, 1
		}
		b = b[n:]
	}
	at.Line, at.Column = line, column
	return diag.Diagnostic{
		Code: codeEncoding, Severity: diag.Error, Pos: at,
		Message: fmt.Sprintf("file is not UTF-8 text: byte 0x%02x", b[0]),
		Hint:    "save the file as UTF-8",
	}, true
}

func parseChunk(at diag.Pos, c Chunk, lim Limits) Document {
	doc := Document{Line: c.Line, Text: body(c.Text)}
	root, message := parseNode(c.Text)
	if message != "" {
		doc.Problems.Add(syntaxError(at, c, message))
		return doc
	}
	if root == nil || isNull(root) {
		return doc
	}
	newPlaces(c).move(root)
	w := &walk{at: at, lim: lim, doc: &doc}
	if w.node(root, "", 1); !w.unusable {
		doc.Root = root
	}
	return doc
}

// parseNode parses the one document in text. A broken one gives yaml.v3's
// message without its unreliable line number.
func parseNode(text []byte) (root *yaml.Node, message string) {
	defer func() {
		// yaml.v3 has panicked on input no fuzzer had tried; a file must not stop the build.
		if r := recover(); r != nil {
			root, message = nil, "the document cannot be parsed"
		}
	}()
	dec := yaml.NewDecoder(bytes.NewReader(text))
	var n yaml.Node
	if err := dec.Decode(&n); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, ""
		}
		return nil, plainMessage(err.Error())
	}
	var second yaml.Node
	if err := dec.Decode(&second); err == nil {
		return nil, "a second document begins without a marker"
	} else if !errors.Is(err, io.EOF) {
		return nil, plainMessage(err.Error())
	}
	if n.Kind == yaml.DocumentNode && len(n.Content) == 1 {
		return n.Content[0], ""
	}
	return nil, ""
}

func plainMessage(m string) string {
	m = strings.TrimPrefix(m, "yaml: ")
	if rest, ok := strings.CutPrefix(m, "line "); ok {
		if _, after, found := strings.Cut(rest, ": "); found {
			m = after
		}
	}
	return m
}

func body(text []byte) string {
	line, width := firstLine(text)
	if rest, ok := bytes.CutPrefix(line, []byte("---")); ok && isBlank(rest) {
		text = text[width:]
	}
	return string(text)
}

func isNull(n *yaml.Node) bool {
	v, ok := Scalar(n)
	return ok && v == nil
}
