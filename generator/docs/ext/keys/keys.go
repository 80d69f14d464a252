// Package keys renders keys to press: ++ctrl+alt+"K"++, as pymdownx.keys does
// (names and aliases: pymdownx/keymap_db.py).
package keys

import (
	"bytes"
	"strings"
	"unicode"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"github.com/callboard-portal/callboard/generator/docs/ext/inline"
)

// maxLength is how long a combination may be as it is written.
const maxLength = 200

type inlineParser struct{}

func (inlineParser) Trigger() []byte { return []byte{'+'} }

func (inlineParser) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	line, _ := block.PeekLine()
	line = line[:min(len(line), maxLength)]
	if len(line) < 5 || line[1] != '+' || line[2] == '+' || unicode.IsSpace(rune(line[2])) {
		return nil
	}
	end := bytes.Index(line[2:], []byte("++"))
	if end < 1 {
		return nil
	}
	keys, ok := split(string(line[2 : 2+end]))
	if !ok {
		return nil
	}
	block.Advance(end + 4)
	out := inline.New("span", "keys")
	for i, k := range keys {
		if i > 0 {
			plus := inline.New("span", "")
			inline.Text(plus, "+")
			out.AppendChild(out, plus)
		}
		out.AppendChild(out, key(k))
	}
	return out
}

// split cuts at "+" outside of quotes. Keys are words or quoted text.
func split(s string) ([]string, bool) {
	var out []string
	for s != "" {
		var k string
		if s[0] == '"' {
			end := strings.IndexByte(s[1:], '"')
			if end < 1 {
				return nil, false
			}
			k, s = s[:end+2], s[end+2:]
		} else {
			end := strings.IndexByte(s, '+')
			if end < 0 {
				end = len(s)
			}
			if k, s = s[:end], s[end:]; !isKey(k) {
				return nil, false
			}
		}
		out = append(out, k)
		if s == "" {
			return out, true
		}
		if s[0] != '+' || len(s) == 1 {
			return nil, false
		}
		s = s[1:]
	}
	return out, len(out) > 0
}

func isKey(s string) bool {
	for _, r := range s {
		if r != '-' && r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return false
		}
	}
	return s != ""
}

func key(name string) ast.Node {
	if strings.HasPrefix(name, `"`) {
		e := inline.New("kbd", "")
		inline.Text(e, strings.Trim(name, `"`))
		return e
	}
	lower := strings.ReplaceAll(strings.ToLower(name), "_", "-")
	if a, ok := aliases[lower]; ok {
		lower = a
	}
	e := inline.New("kbd", "key-"+lower)
	inline.Text(e, label(lower))
	return e
}

func label(name string) string {
	if l, ok := labels[name]; ok {
		return l
	}
	words := strings.Split(name, "-")
	for i, w := range words {
		if w != "" {
			words[i] = strings.ToUpper(w[:1]) + w[1:]
		}
	}
	return strings.Join(words, " ")
}

var aliases = map[string]string{
	"alt-gr": "alt-graph", "altgr": "alt-graph", "bksp": "backspace", "break": "pause", "cancel": "cancel", "caps": "caps-lock", "cmd": "command", "control": "ctrl",
	"del": "delete", "down": "arrow-down", "esc": "escape", "ins": "insert", "left": "arrow-left", "lcmd": "left-command", "lctrl": "left-control",
	"lalt": "left-alt", "lshift": "left-shift", "lwin": "left-windows", "menu": "menu", "num": "num-lock", "opt": "option", "page-dn": "page-down", "pg-dn": "page-down",
	"pg-up": "page-up", "pgdn": "page-down", "pgup": "page-up", "prtsc": "print-screen", "prt-sc": "print-screen", "print": "print-screen", "return": "enter",
	"right": "arrow-right", "ralt": "right-alt", "rctrl": "right-control", "rshift": "right-shift", "rwin": "right-windows", "scroll": "scroll-lock",
	"spc": "space", "up": "arrow-up", "win": "windows", "apps": "context-menu",
}

var labels = map[string]string{
	"ctrl": "Ctrl", "command": "Cmd", "escape": "Esc", "delete": "Del", "insert": "Ins", "alt-graph": "AltGr", "arrow-down": "Down", "arrow-left": "Left",
	"arrow-right": "Right", "arrow-up": "Up", "windows": "Win", "left-windows": "Left Win", "right-windows": "Right Win", "left-control": "Left Ctrl",
	"right-control": "Right Ctrl", "left-command": "Left Command", "context-menu": "Menu", "colon": ":", "comma": ",", "slash": "/", "backslash": `\`, "period": ".", "plus": "+",
	"minus": "-", "equal": "=", "hash": "#", "pipe": "|", "tilde": "~", "grave": "`", "semicolon": ";", "single-quote": "'", "double-quote": `"`, "question": "?",
	"exclam": "!", "at": "@", "dollar": "$", "percent": "%", "caret": "^", "ampersand": "&", "asterisk": "*", "underscore": "_", "bracket-left": "[", "bracket-right": "]",
	"brace-left": "{", "brace-right": "}", "paren-left": "(", "paren-right": ")", "less": "<", "greater": ">",
}

type extender struct{}

// New returns the extension.
func New() goldmark.Extender { return extender{} }

// Extend implements goldmark.Extender.
func (extender) Extend(m goldmark.Markdown) {
	m.Parser().AddOptions(parser.WithInlineParsers(util.Prioritized(inlineParser{}, 430)))
}
