// Package exttest runs the corpora of the Markdown extensions: files of cases
//
//	-- name --
//	input
//	⟶
//	output
//
// so that an extension's behavior can be read in one place.
package exttest

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer/html"

	"github.com/callboard-portal/callboard/generator/docs/ext"
	"github.com/callboard-portal/callboard/generator/docs/ext/arithmatex"
	"github.com/callboard-portal/callboard/generator/docs/ext/link"
	"github.com/callboard-portal/callboard/generator/docs/ext/table"
)

// Run renders every case of a corpus with the whole dialect and compares.
// With UPDATE_CORPUS set it writes the outputs anew.
func Run(t *testing.T, file string) {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	md := goldmark.New(
		goldmark.WithExtensions(ext.All()...),
		goldmark.WithParser(parser.NewParser(parser.WithBlockParsers(ext.Blocks()...), parser.WithInlineParsers(parser.DefaultInlineParsers()...),
			parser.WithParagraphTransformers(parser.DefaultParagraphTransformers()...), parser.WithAttribute())),
		goldmark.WithRendererOptions(html.WithUnsafe()))
	update := os.Getenv("UPDATE_CORPUS") != ""
	var out strings.Builder
	for _, c := range cases(string(raw)) {
		var buf bytes.Buffer
		input := []byte(c.input)
		link.HideSpaces(input)
		pc := parser.NewContext()
		if strings.HasPrefix(c.name, "formula") { // off unless asked for
			arithmatex.Enable(pc)
		}
		if err := md.Convert(input, &buf, parser.WithContext(pc)); err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		table.Restore(buf.Bytes())
		link.Restore(buf.Bytes())
		got := strings.ReplaceAll(strings.TrimSpace(buf.String()), "\x01", "→")
		out.WriteString("-- " + c.name + " --\n" + c.input + "⟶\n" + got + "\n\n")
		if !update && got != strings.TrimSpace(c.output) {
			t.Errorf("%s:\n%s\n got %s\nwant %s", c.name, c.input, got, c.output)
		}
	}
	if update {
		if err := os.WriteFile(file, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

type testCase struct{ name, input, output string }

func cases(s string) []testCase {
	var out []testCase
	for _, part := range strings.Split("\n"+s, "\n-- ")[1:] {
		name, rest, _ := strings.Cut(part, " --\n")
		input, output, _ := strings.Cut(rest, "⟶\n")
		out = append(out, testCase{name, input, output})
	}
	return out
}
