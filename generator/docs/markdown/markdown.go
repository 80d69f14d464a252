// Package markdown renders one page of the dialect: Markdown in, sanitised
// HTML with open links out. It knows nothing of other pages or files, so a
// page's result depends on its source and [Options] alone and can be cached
// and computed in another process. Begin with [Render].
package markdown

import (
	"bytes"
	"fmt"
	"sort"
	"strings"
	"sync"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"

	"github.com/callboard-portal/callboard/generator/docs/ext"
	"github.com/callboard-portal/callboard/generator/docs/ext/arithmatex"
	"github.com/callboard-portal/callboard/generator/docs/ext/highlight"
	"github.com/callboard-portal/callboard/generator/docs/ext/link"
	"github.com/callboard-portal/callboard/generator/docs/ext/table"
	"github.com/callboard-portal/callboard/generator/docs/ext/toc"
	"github.com/callboard-portal/callboard/generator/docs/sanitize"
)

// Options are what a page's rendering depends on besides its source.
type Options struct {
	// IframeHosts are the hosts whose pages may be embedded.
	IframeHosts []string `json:"iframeHosts,omitempty"`
	// TOC are the settings of the toc extension.
	TOC toc.Settings `json:"toc"`

	// Math reads formulas between dollar signs (pymdownx.arithmatex).
	Math bool `json:"math,omitempty"`

	plain bool // no colors, for benchmarks
}

// Link is a link or image of a page, in the order of the slots in its HTML.
type Link struct {
	// Tag and Attr are the element and attribute, such as "a" and "href".
	Tag, Attr string
	// URL is the target as written; Class and Title are the element's.
	URL, Class, Title string
	// Sized is true where the element has a width or height of its own.
	Sized bool
	// Line and Column are the place in the source, from 1; 0 in raw HTML.
	Line, Column int
}

// Place is something noticed at a place in the source.
type Place struct {
	What         string
	Line, Column int
}

// Document is a rendered page.
type Document struct {
	// Meta is the front matter.
	Meta Meta
	// HTML is sanitised and balanced. In the place of each link's address is
	// a [sanitize.Slot].
	HTML  string
	Links []Link
	// IDs are the anchors, sorted.
	IDs []string
	// Outline is the text of the page.
	Outline Outline
	// Removed are elements that were not let through, each name once.
	Removed []Place
}

var engine = sync.OnceValue(func() goldmark.Markdown {
	return goldmark.New(
		goldmark.WithExtensions(ext.All()...),
		goldmark.WithParser(parser.NewParser(
			parser.WithBlockParsers(ext.Blocks()...),
			parser.WithInlineParsers(parser.DefaultInlineParsers()...),
			parser.WithParagraphTransformers(parser.DefaultParagraphTransformers()...),
			parser.WithAttribute(),
		)),
		goldmark.WithRendererOptions(html.WithUnsafe()), // what is unsafe is dropped by sanitize
	)
})

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// Render renders a page. An error means that the page exceeds a limit (see
// [Check]); no input makes it panic. It is safe for concurrent use.
func Render(source []byte, opt Options) (doc *Document, err error) {
	if err := Check(source); err != nil {
		return nil, err
	}
	defer func() {
		if r := recover(); r != nil {
			doc, err = nil, fmt.Errorf("the renderer failed: %v", r)
		}
	}()
	c, err := convert(source, opt)
	if err != nil {
		return nil, err
	}
	defer buffers.Put(c.html)
	doc = &Document{Meta: c.meta}
	doc.sanitize(c.html.Bytes(), c.at, c.targets, opt)
	doc.Outline = outline(doc.HTML)
	return doc, nil
}

// converted is a page before sanitising.
type converted struct {
	meta    Meta
	html    *bytes.Buffer
	at      position
	targets []link.Target
}

// convert parses a page and renders it. The caller gives html back to buffers.
func convert(source []byte, opt Options) (converted, error) {
	src := normalize(source)
	meta, body := frontMatter(src)
	link.HideSpaces(body)
	pc := parser.NewContext()
	toc.Configure(pc, opt.TOC)
	if opt.Math {
		arithmatex.Enable(pc)
	}
	md := engine()
	tree := md.Parser().Parse(text.NewReader(body), parser.WithContext(pc))
	if opt.plain {
		highlight.Disable(tree.OwnerDocument())
	}
	buf := buffers.Get().(*bytes.Buffer)
	buf.Reset()
	if err := md.Renderer().Render(&limited{Buffer: buf, limit: MaxOutput}, body, tree); err != nil {
		return converted{}, err
	}
	table.Restore(buf.Bytes())
	link.Restore(buf.Bytes())
	return converted{meta, buf, position{src, len(src) - len(body)}, link.Targets(pc)}, nil
}

// sanitize fills HTML, Links, IDs and Removed.
func (d *Document) sanitize(raw []byte, at position, targets []link.Target, opt Options) {
	removed := map[string]bool{}
	out := sanitize.HTML(raw, sanitize.Options{
		IframeHosts: opt.IframeHosts,
		Link: func(l sanitize.Link) bool {
			if strings.HasPrefix(l.URL, "#fn") || l.Class == "headerlink" && strings.HasPrefix(l.URL, "#") && sanitize.SafeID(l.URL[1:]) == l.URL[1:] {
				return false // the page's own, to an id that stays; need no checking
			}
			k := Link{Tag: l.Tag, Attr: l.Attr, URL: l.URL, Class: l.Class, Title: l.Title, Sized: l.Sized}
			if n, ok := link.Number(l.URL); ok && n >= 0 && n < len(targets) {
				k.URL = targets[n].URL
				k.Line, k.Column = at.of(targets[n].Offset)
			}
			d.Links = append(d.Links, k)
			return true
		},
		Removed: func(tag string) {
			if !removed[tag] && len(removed) < 20 {
				removed[tag] = true
				line, column := at.find("<" + tag)
				d.Removed = append(d.Removed, Place{tag, line, column})
			}
		},
		ID: func(id string) { d.IDs = append(d.IDs, id) },
	})
	sort.Strings(d.IDs)
	d.HTML = string(out)
}

// normalize returns a copy of source with "\n" line ends, without a byte order mark,
// and with what is not UTF-8, and control characters, replaced.
func normalize(source []byte) []byte {
	source = bytes.Clone(bytes.TrimPrefix(source, []byte("\xef\xbb\xbf")))
	if bytes.IndexByte(source, '\r') >= 0 {
		source = bytes.ReplaceAll(source, []byte("\r\n"), []byte("\n"))
		source = bytes.ReplaceAll(source, []byte("\r"), []byte("\n"))
	}
	for _, c := range source {
		if c < 0x20 && c != '\n' && c != '\t' {
			source = bytes.Map(func(r rune) rune {
				if r < 0x20 && r != '\n' && r != '\t' {
					return '\ufffd'
				}
				return r
			}, source)
			break
		}
	}
	return bytes.ToValidUTF8(source, []byte("\ufffd"))
}

// position turns offsets in the body into places in the file.
type position struct {
	source []byte
	body   int
}

func (p position) of(offset int) (line, column int) {
	if offset < 0 {
		return 0, 0
	}
	offset = min(offset+p.body, len(p.source))
	before := p.source[:offset]
	return bytes.Count(before, []byte("\n")) + 1, offset - bytes.LastIndexByte(before, '\n')
}

func (p position) find(s string) (line, column int) {
	if i := bytes.Index(bytes.ToLower(p.source), []byte(s)); i >= 0 {
		return p.of(i - p.body)
	}
	return 0, 0
}
