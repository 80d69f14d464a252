// Package list parses lists as Python-Markdown with mdx_truly_sane_lists does
// where that differs from CommonMark: what is indented by two columns more
// than an item's marker belongs to the item, however wide the marker is:
//
//  1. item
//     - nested, though "1. " is three columns wide
//
//     and a paragraph of the item
//
// CommonMark asks for the column where the item's text began. What it accepts
// is accepted here as well. Lists directly after a paragraph begin as
// CommonMark says: a bullet always, a number only if it is 1. Python-Markdown
// would make them part of the paragraph, which nobody wants who writes them.
//
// The parsers are those of goldmark (Copyright (c) 2019 Yusuke Inuzuka, MIT
// License), changed in the places marked with "two columns".
package list

import (
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

type listItemType int

const (
	notList listItemType = iota
	bulletList
	orderedList
)

var skipListParserKey = parser.NewContextKey()
var emptyListItemWithBlankLines = parser.NewContextKey()
var listItemFlagValue any = true

// Same as
// `^(([ ]*)([\-\*\+]))(\s+.*)?\n?$`.FindSubmatchIndex or
// `^(([ ]*)(\d{1,9}[\.\)]))(\s+.*)?\n?$`.FindSubmatchIndex.
func parseListItem(line []byte) ([6]int, listItemType) {
	i := 0
	l := len(line)
	ret := [6]int{}
	for ; i < l && line[i] == ' '; i++ {
		c := line[i]
		if c == '\t' {
			return ret, notList
		}
	}
	if i > 3 {
		return ret, notList
	}
	ret[0] = 0
	ret[1] = i
	ret[2] = i
	var typ listItemType
	if i < l && (line[i] == '-' || line[i] == '*' || line[i] == '+') {
		i++
		ret[3] = i
		typ = bulletList
	} else if i < l {
		for ; i < l && util.IsNumeric(line[i]); i++ {
		}
		ret[3] = i
		if ret[3] == ret[2] || ret[3]-ret[2] > 9 {
			return ret, notList
		}
		if i < l && (line[i] == '.' || line[i] == ')') {
			i++
			ret[3] = i
		} else {
			return ret, notList
		}
		typ = orderedList
	} else {
		return ret, notList
	}
	if i < l && line[i] != '\n' {
		w, _ := util.IndentWidth(line[i:], 0)
		if w == 0 {
			return ret, notList
		}
	}
	if i >= l {
		ret[4] = -1
		ret[5] = -1
		return ret, typ
	}
	ret[4] = i
	ret[5] = len(line)
	if line[ret[5]-1] == '\n' && line[i] != '\n' {
		ret[5]--
	}
	return ret, typ
}

// Five spaces and more after the marker begin text here, not code. (two columns)
func calcListOffset(source []byte, match [6]int) int {
	var offset int
	if match[4] < 0 || util.IsBlank(source[match[4]:]) { // list item starts with a blank line
		offset = 1
	} else {
		offset, _ = util.IndentWidth(source[match[4]:], match[4])
	}
	return offset
}

// An item's Offset holds three numbers: the column where its text began; the
// columns that a line must be indented by to belong to the item (two columns
// more than the marker); and the columns that are taken off such lines. The
// last is set by the first of them: as far as it is indented, but not more
// than four columns beyond the marker, so that both styles
//
//   - a          - a
//   - b            - b
//
// leave nothing in front of what is nested.
const (
	offsetBits = 10
	offsetMask = 1<<offsetBits - 1
)

func offsets(marker, content int) int {
	content = min(content, offsetMask)
	return content | min(marker+2, content)<<offsetBits
}

// body returns the columns to take off a line indented by indent, and notes
// them if it is the item's first. (two columns)
func body(item *ast.ListItem, indent int) int {
	content, required := item.Offset&offsetMask, item.Offset>>offsetBits&offsetMask
	width := item.Offset >> (2 * offsetBits)
	if width == 0 {
		width = max(min(indent, max(required+2, content)), required, 1)
		item.Offset |= width << (2 * offsetBits)
	}
	return min(indent, width)
}

func lastOffset(node ast.Node) (content, required int) {
	if item, ok := node.LastChild().(*ast.ListItem); ok {
		return item.Offset & offsetMask, item.Offset >> offsetBits & offsetMask
	}
	return 0, 0
}

type listParser struct {
}

var defaultListParser = &listParser{}

// New returns the parser of lists. It must come before that of [NewItem].
func New() parser.BlockParser {
	return defaultListParser
}

func (b *listParser) Trigger() []byte {
	return []byte{'-', '+', '*', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9'}
}

func (b *listParser) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	last := pc.LastOpenedBlock().Node
	if _, lok := last.(*ast.List); lok || pc.Get(skipListParserKey) != nil {
		pc.Set(skipListParserKey, nil)
		return nil, parser.NoChildren
	}
	line, _ := reader.PeekLine()
	match, typ := parseListItem(line)
	if typ == notList {
		return nil, parser.NoChildren
	}
	start := -1
	if typ == orderedList {
		number := line[match[2] : match[3]-1]
		start, _ = strconv.Atoi(string(number))
	}

	if ast.IsParagraph(last) && last.Parent() == parent {
		// we allow only lists starting with 1 to interrupt paragraphs.
		if typ == orderedList && start != 1 {
			return nil, parser.NoChildren
		}
		//an empty list item cannot interrupt a paragraph:
		if match[4] < 0 || util.IsBlank(line[match[4]:match[5]]) {
			return nil, parser.NoChildren
		}
	}

	marker := line[match[3]-1]
	node := ast.NewList(marker)
	if start > -1 {
		node.Start = start
	}
	pc.Set(emptyListItemWithBlankLines, nil)
	return node, parser.HasChildren
}

func (b *listParser) Continue(node ast.Node, reader text.Reader, pc parser.Context) parser.State {
	list := node.(*ast.List)
	line, _ := reader.PeekLine()
	if util.IsBlank(line) {
		if node.LastChild().ChildCount() == 0 {
			pc.Set(emptyListItemWithBlankLines, listItemFlagValue)
		}
		return parser.Continue | parser.HasChildren
	}

	// "offset" means a width that bar indicates.
	//    -  aaaaaaaa
	// |----|
	//
	// If the indent is less than the last offset like
	// - a
	//  - b          <--- current line
	// it maybe a new child of the list.
	//
	// Empty list items can have multiple blanklines
	//
	// -             <--- 1st item is an empty thus "offset" is unknown
	//
	//
	//   -           <--- current line
	//
	// -> 1 list with 2 blank items
	//
	// So if the last item is an empty, it maybe a new child of the list.
	//
	_, offset := lastOffset(node) // two columns
	lastIsEmpty := node.LastChild().ChildCount() == 0
	indent, _ := util.IndentWidth(line, reader.LineOffset())

	if indent < offset || lastIsEmpty {
		if indent < 4 {
			match, typ := parseListItem(line)
			if typ != notList && match[1]-offset < 4 {
				marker := line[match[3]-1]
				if !list.CanContinue(marker, typ == orderedList) {
					return parser.Close
				}
				// Thematic Breaks take precedence over lists
				isTb := isThematicBreak(line[match[3]-1:])
				if isTb {
					isHeading := false
					last := pc.LastOpenedBlock().Node
					if ast.IsParagraph(last) {
						c, ok := matchesSetextHeadingBar(line[match[3]-1:])
						if ok && c == '-' {
							isHeading = true
						}
					}
					if !isHeading {
						return parser.Close
					}
				}
				return parser.Continue | parser.HasChildren
			}
		}
		if !lastIsEmpty {
			return parser.Close
		}
	}

	if lastIsEmpty && indent < offset {
		return parser.Close
	}

	// Non empty items can not exist next to an empty list item
	// with blank lines. So we need to close the current list
	//
	// -
	//
	//   foo
	//
	// -> 1 list with 1 blank items and 1 paragraph
	if pc.Get(emptyListItemWithBlankLines) != nil {
		return parser.Close
	}
	return parser.Continue | parser.HasChildren
}

func (b *listParser) Close(node ast.Node, reader text.Reader, pc parser.Context) {
	list := node.(*ast.List)

	for c := node.FirstChild(); c != nil && list.IsTight; c = c.NextSibling() {
		if c.FirstChild() != nil && c.FirstChild() != c.LastChild() {
			for c1 := c.FirstChild().NextSibling(); c1 != nil; c1 = c1.NextSibling() {
				if c1.HasBlankPreviousLines() {
					list.IsTight = false
					break
				}
			}
		}
		if c != node.FirstChild() {
			if c.HasBlankPreviousLines() {
				list.IsTight = false
			}
		}
	}

	if list.IsTight {
		for child := node.FirstChild(); child != nil; child = child.NextSibling() {
			for gc := child.FirstChild(); gc != nil; {
				paragraph, ok := gc.(*ast.Paragraph)
				gc = gc.NextSibling()
				if ok {
					textBlock := ast.NewTextBlock()
					textBlock.SetLines(paragraph.Lines())
					child.ReplaceChild(child, paragraph, textBlock)
				}
			}
		}
	}
}

func (b *listParser) CanInterruptParagraph() bool {
	return true
}

func (b *listParser) CanAcceptIndentedLine() bool {
	return false
}

// isThematicBreak reports whether a line is three or more of the same mark.
func isThematicBreak(line []byte) bool {
	mark, count := byte(0), 0
	for _, c := range line {
		switch {
		case util.IsSpace(c):
		case mark == 0 && (c == '*' || c == '-' || c == '_'), c == mark && mark != 0:
			mark = c
			count++
		default:
			return false
		}
	}
	return count > 2
}

// matchesSetextHeadingBar reports whether a line underlines a heading, and with what.
func matchesSetextHeadingBar(line []byte) (byte, bool) {
	bar := strings.TrimRight(string(line), " \t\r\n")
	if bar == "" || strings.Trim(bar, bar[:1]) != "" {
		return 0, false
	}
	return bar[0], bar[0] == '=' || bar[0] == '-'
}
