package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/callboard-portal/callboard/generator"
	"github.com/callboard-portal/callboard/generator/catalog/kind"
	"github.com/callboard-portal/callboard/generator/config"
	"github.com/callboard-portal/callboard/generator/diag"
	"github.com/callboard-portal/callboard/generator/yamldoc"
)

// The reference of the manual is prose with regions that are generated from
// what the program works by:
//
//	<!-- generated: NAME -->
//	…
//	<!-- end -->
//
// CALLBOARD_GOLDEN=1 (make golden) writes them again.
const referenceDir = "../../content/docs/docs/reference"

// regions are all that can be generated. Each must stand on some page.
var regions = map[string]func(*testing.T) string{
	"keys of callboard.yaml":    func(*testing.T) string { return keyTables(config.Keys()) },
	"keys of brand.yaml":        func(*testing.T) string { return keyTables(config.BrandKeys()) },
	"example of callboard.yaml": exampleConfig,
	"diagnostics":               func(*testing.T) string { return diagnosticSections(generator.Rules()) },
	"list of diagnostics":       func(*testing.T) string { return diagnosticTable(generator.Rules()) },
	"commands":                  func(*testing.T) string { return commandSections() },
	"flags of every command":    func(*testing.T) string { return flagTable(newRoot(&terminal{}).cmd.PersistentFlags()) },
	"exit codes":                func(*testing.T) string { return exitCodeTable() },
	"kinds":                     func(*testing.T) string { return kindSections(kind.Builtin()) },
	"limits of descriptors":     func(*testing.T) string { return limitTable(yamldoc.DefaultLimits) },
}

var region = regexp.MustCompile(`(?s)<!-- generated: ([^>]*) -->\n.*?<!-- end -->`)

func TestReferenceIsWhatTheProgramSays(t *testing.T) {
	used := map[string]bool{}
	pages, err := filepath.Glob(filepath.Join(referenceDir, "*.md"))
	if err != nil || len(pages) < 4 {
		t.Fatalf("%d pages, %v", len(pages), err)
	}
	for _, file := range pages {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		want := region.ReplaceAllStringFunc(string(text), func(old string) string {
			name := region.FindStringSubmatch(old)[1]
			generate, ok := regions[name]
			if !ok {
				t.Errorf("%s: nothing generates %q", file, name)
				return old
			}
			used[name] = true
			return "<!-- generated: " + name + " -->\n\n" + strings.TrimSpace(generate(t)) + "\n\n<!-- end -->"
		})
		switch {
		case want == string(text):
		case os.Getenv("CALLBOARD_GOLDEN") != "":
			if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
				t.Fatal(err)
			}
		default:
			t.Errorf("%s is out of date; make golden writes it again", file)
		}
	}
	for name := range regions {
		if !used[name] {
			t.Errorf("no page of the reference has %q", name)
		}
	}
}

// Every page of the manual is in its navigation, and the other way round.
func TestManualNavigationIsComplete(t *testing.T) {
	root := os.DirFS("../../content/docs")
	nav, err := fs.ReadFile(root, "mkdocs.yml")
	if err != nil {
		t.Fatal(err)
	}
	var listed []string
	for _, m := range regexp.MustCompile(`(?m)^ *- .*: (\S+\.md)$`).FindAllSubmatch(nav, -1) {
		listed = append(listed, string(m[1]))
	}
	var pages []string
	err = fs.WalkDir(root, "docs", func(p string, d fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(p, ".md") {
			pages = append(pages, strings.TrimPrefix(p, "docs/"))
		}
		return err
	})
	slices.Sort(listed)
	slices.Sort(pages)
	if err != nil || !slices.Equal(listed, pages) {
		t.Errorf("%v\nthe navigation lists %q\nthe pages are       %q", err, listed, pages)
	}
}

func exampleConfig(t *testing.T) string {
	text, err := os.ReadFile("../../generator/config/testdata/full.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return "```yaml\n" + strings.TrimSpace(string(text)) + "\n```"
}

// cell makes text fit into a cell of a table.
func cell(s string) string {
	return strings.NewReplacer("|", `\|`, "\n", " ", "<", "&lt;", "*", `\*`, "_", `\_`).Replace(s)
}

func code(s string) string {
	if s == "" {
		return ""
	}
	return "`" + strings.ReplaceAll(s, "|", `\|`) + "`"
}

func table(head []string, rows [][]string) string {
	var b strings.Builder
	line := func(cells []string) { fmt.Fprintf(&b, "| %s |\n", strings.Join(cells, " | ")) }
	line(head)
	line(slices.Repeat([]string{"---"}, len(head)))
	for _, r := range rows {
		line(r)
	}
	return b.String()
}

// keyTables is one table per section of a file.
func keyTables(keys []config.Key) string {
	var order []string
	bySection := map[string][][]string{}
	later := []string{}
	for _, k := range keys {
		section, name := "", k.Path
		if i := strings.LastIndexByte(k.Path, '.'); i >= 0 {
			section, name = k.Path[:i], k.Path[i+1:]
		}
		if k.Later {
			later = append(later, code(k.Path))
			continue
		}
		if _, ok := bySection[section]; !ok {
			order = append(order, section)
		}
		doc := cell(k.Doc)
		if k.Form != "" {
			doc += " It is " + cell(k.Form) + "."
		}
		def := code(k.Default)
		if k.Required {
			def = "required"
		}
		bySection[section] = append(bySection[section], []string{code(name), cell(k.Type), def, doc})
	}
	var b strings.Builder
	for _, section := range order {
		if section != "" {
			fmt.Fprintf(&b, "### `%s`\n\n", section)
		}
		b.WriteString(table([]string{"Key", "What stands there", "Default", "Meaning"}, bySection[section]) + "\n")
	}
	if len(later) > 0 {
		fmt.Fprintf(&b, "Known, and kept for later versions: %s. They are accepted with a note and change nothing.\n", strings.Join(later, ", "))
	}
	return b.String()
}

func diagnosticTable(rules []diag.Rule) string {
	var rows [][]string
	for _, r := range rules {
		rows = append(rows, []string{fmt.Sprintf("[`%s`](#%s)", r.Code, r.Code), r.Severity.String(), cell(r.Summary)})
	}
	return table([]string{"Code", "Severity", "Meaning"}, rows)
}

func diagnosticSections(rules []diag.Rule) string {
	var b strings.Builder
	for _, r := range rules {
		fmt.Fprintf(&b, "### `%s`\n\n**%s**: %s.\n\n%s\n\n", r.Code, strings.ToUpper(r.Severity.String()[:1])+r.Severity.String()[1:],
			cell(strings.TrimSuffix(r.Summary, ".")), strings.TrimSpace(r.Explain))
	}
	return b.String()
}

func commandSections() string {
	var b strings.Builder
	for _, c := range newRoot(&terminal{}).cmd.Commands() {
		if c.Hidden {
			continue
		}
		b.WriteString(commandSection(c))
	}
	return b.String()
}

func commandSection(c *cobra.Command) string {
	var b strings.Builder
	fmt.Fprintf(&b, "### callboard %s\n\n%s.\n\n```\n%s\n```\n\n", c.Name(), c.Short, c.UseLine())
	if c.Long != "" {
		fmt.Fprintf(&b, "%s\n\n", cell(c.Long))
	}
	if c.Example != "" {
		fmt.Fprintf(&b, "```\n%s\n```\n\n", regexp.MustCompile(`(?m)^  `).ReplaceAllString(c.Example, ""))
	}
	if c.LocalNonPersistentFlags().HasFlags() {
		b.WriteString(flagTable(c.LocalNonPersistentFlags()) + "\n")
	}
	return b.String()
}

func flagTable(flags *pflag.FlagSet) string {
	var rows [][]string
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Hidden || f.Name == "help" {
			return
		}
		name := code("--" + f.Name)
		if f.Shorthand != "" {
			name += ", " + code("-"+f.Shorthand)
		}
		def := f.DefValue
		if slices.Contains([]string{"false", "[]", "0s"}, def) {
			def = ""
		}
		rows = append(rows, []string{name, code(def), cell(f.Usage)})
	})
	return table([]string{"Flag", "Default", "Meaning"}, rows)
}

func exitCodeTable() string {
	var rows [][]string
	for _, e := range exitCodes {
		rows = append(rows, []string{code(fmt.Sprint(e.code)), cell(e.meaning)})
	}
	return table([]string{"Code", "Meaning"}, rows)
}

func kindSections(kinds []*kind.Kind) string {
	var b strings.Builder
	for _, k := range kinds {
		var versions []string
		for _, v := range k.APIVersions {
			versions = append(versions, code(v))
		}
		fmt.Fprintf(&b, "### %s\n\n`apiVersion` is %s.\n\n%s\n", k.Name, strings.Join(versions, " or "), fieldTable(k.Fields))
		for _, v := range k.Variants {
			var types []string
			for _, t := range v.Types {
				types = append(types, code(t))
			}
			fmt.Fprintf(&b, "Where `spec.type` is %s, these fields stand as well", strings.Join(types, " or "))
			if len(v.Without) > 0 {
				fmt.Fprintf(&b, ", and %s does not", code(strings.Join(v.Without, ", ")))
			}
			fmt.Fprintf(&b, ":\n\n%s\n", fieldTable(v.Fields))
		}
	}
	return b.String()
}

func fieldTable(fields []kind.Field) string {
	return table([]string{"Field", "What stands there", "Relation", "Other way round"}, fieldRows("spec.", fields))
}

func fieldRows(prefix string, fields []kind.Field) [][]string {
	var rows [][]string
	for _, f := range fields {
		row := []string{code(prefix + f.Name), fieldWords(f), "", ""}
		if r := f.Relation; r != nil {
			row[2], row[3] = code(r.Forward), code(r.Reverse)
		}
		rows = append(rows, row)
		below := "."
		if f.Type == kind.Objects {
			below = "[]."
		}
		rows = append(rows, fieldRows(prefix+f.Name+below, f.Fields)...)
	}
	return rows
}

func fieldWords(f kind.Field) string {
	words := map[kind.Type]string{
		kind.Any: "anything", kind.String: "text", kind.Strings: "list of texts", kind.Object: "mapping",
		kind.Objects: "list of mappings", kind.ObjectOrObjects: "mapping, or a list of them",
	}[f.Type]
	if r := f.Relation; r != nil {
		words = map[kind.Type]string{kind.String: "ref", kind.Strings: "list of refs", kind.Any: "ref or list of refs"}[f.Type]
		if r.DefaultKind != "" {
			words += ", of kind " + r.DefaultKind + " unless it says"
		} else {
			words += ", each with its kind"
		}
	}
	if len(f.Enum) > 0 {
		words = strings.Join(f.Enum, " or ")
	}
	if f.URL {
		words = "web address"
	}
	if f.Required {
		words += "; required"
	}
	if f.NotEmpty {
		words += ", not empty"
	}
	return words
}

func limitTable(l yamldoc.Limits) string {
	n := func(n int) string { return fmt.Sprint(n) }
	return table([]string{"What", "At most"}, [][]string{
		{"size of a file", n(l.Bytes>>10) + " KiB"},
		{"documents in a file", n(l.Documents)},
		{"depth of nesting", n(l.Depth)},
		{"values in a document, aliases counted as what they stand for", n(l.Nodes)},
		{"aliases in a document", n(l.Aliases)},
		{"keys in one mapping", n(l.Keys)},
		{"size of one text, other than " + code(l.LongField), n(l.Scalar>>10) + " KiB"},
	})
}

// `make docs` builds the manual's own portal; it has nothing wrong with it.
func TestManualBuildsWithoutProblems(t *testing.T) {
	dir := t.TempDir()
	err := newRoot(quietTerminal(t)).run(t.Context(), []string{
		"build", "--strict", "-c", "../../content/callboard.yaml", "--state", filepath.Join(dir, "state"), "-o", filepath.Join(dir, "public"),
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "public/docs/default/component/callboard/reference/diagnostics/index.html")); err != nil {
		t.Error(err)
	}
}
