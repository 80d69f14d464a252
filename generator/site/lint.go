package site

import (
	"fmt"
	"io/fs"
	"regexp"
	"strings"

	"github.com/callboard-portal/callboard/generator/diag"
)

// forbidden are the words by which a template gets at something that is not
// part of the page's key. The list cannot be complete, because a template can
// take many ways; that incremental and clean builds give the same bytes is
// tested besides.
var forbidden = []struct {
	word *regexp.Regexp
	why  string
}{
	{regexp.MustCompile(`(?:\bsite|\.Site)\.(?:AllPages|BuildDrafts|GetPage|Home|LastChange|Lastmod|MainSections|Menus|Pages|RegularPages|Sections|Taxonomies)\b`), "an incremental build hands over only the pages that changed"},
	{regexp.MustCompile(`\bpage\.(?:Ancestors|CurrentSection|FirstSection|Next|NextInSection|Pages|Parent|Prev|PrevInSection|RegularPages|Sections)\b`), "an incremental build hands over only the pages that changed"},
	{regexp.MustCompile(`(?:^|[\s(|])(?:ref|relref)[\s(]`), "an incremental build hands over only the pages that changed; use Rel with a site path"},
	{regexp.MustCompile(`\.(?:GetPage|GetTerms|Paginate|Paginator|RelRef)\b`), "an incremental build hands over only the pages that changed"},
	{regexp.MustCompile(`(?:^|[\s(|])now(?:$|[\s.)|])`), "a page must not depend on the time it was rendered"},
	{regexp.MustCompile(`\btime\.Now\b|\bhugo\.BuildDate\b`), "a page must not depend on the time it was rendered"},
	{regexp.MustCompile(`\b(?:collections\.Shuffle|math\.Rand|math\.Counter|shuffle)\b`), "a page must be the same in every build"},
	{regexp.MustCompile(`\b(?:getenv|os\.Getenv|os\.ReadDir|os\.ReadFile|os\.Stat|os\.FileExists|readDir|readFile|fileExists)\b`), "a page must not depend on the machine that renders it"},
	{regexp.MustCompile(`\b(?:resources\.GetRemote|getJSON|getCSV)\b`), "rendering uses no network"},
}

var (
	templateAction  = regexp.MustCompile(`(?s)\{\{.*?\}\}`)
	templateComment = regexp.MustCompile(`(?s)^\{\{-?\s*/\*.*\*/\s*-?\}\}$`)
	templateString  = regexp.MustCompile("(?s)\"(?:[^\"\\\\\n]|\\\\.)*\"|`[^`]*`")
)

// Lint finds words in a theme's templates that a theme must not use, see the
// theme contract above. file names a theme file as its author knows it, from
// its path inside the theme.
func Lint(theme fs.FS, file func(path string) string) (diag.List, error) {
	var found diag.List
	err := fs.WalkDir(theme, "layouts", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return ignoreMissing(name, err)
		}
		text, err := fs.ReadFile(theme, name)
		found.Add(lintTemplate(file(name), string(text))...)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("lint theme: %w", err)
	}
	found.Sort()
	return found, nil
}

// ignoreMissing lets an overriding folder have no layouts at all.
func ignoreMissing(name string, err error) error {
	if err != nil && name == "layouts" {
		return fs.SkipAll
	}
	return err
}

func lintTemplate(file, text string) diag.List {
	var found diag.List
	for _, at := range templateAction.FindAllStringIndex(text, -1) {
		action := text[at[0]:at[1]]
		if templateComment.MatchString(action) {
			continue
		}
		code := templateString.ReplaceAllStringFunc(action, func(s string) string { return strings.Repeat("_", len(s)) })
		for _, rule := range forbidden {
			for _, word := range rule.word.FindAllStringIndex(code, -1) {
				found.Add(wordFound(file, text, code[word[0]:word[1]], at[0]+word[0], rule.why))
			}
		}
	}
	return found
}

func wordFound(file, text, word string, offset int, why string) diag.Diagnostic {
	trimmed := strings.TrimLeft(word, " \t\r\n(|")
	offset += len(word) - len(trimmed)
	before := text[:offset]
	return diag.Diagnostic{
		Code: "theme-word", Severity: diag.Error,
		Pos:     diag.Pos{File: file, Line: 1 + strings.Count(before, "\n"), Column: offset - strings.LastIndexByte(before, '\n')},
		Message: fmt.Sprintf("the template uses %q", strings.Trim(trimmed, " \t\r\n.)(|")),
		Hint:    why + "; read the page's view instead",
	}
}
