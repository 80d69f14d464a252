package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"github.com/callboard-portal/callboard/generator/diag"
)

// terminal is the program's voice. Results go to stdout, talk to stderr, both
// in lower case and without full stops; hints stand on their own line. Color
// needs a terminal and no NO_COLOR. Text from repositories is stripped of
// control characters before it reaches anyone's screen.
type terminal struct {
	in       io.Reader
	out, err io.Writer
	getenv   func(string) string
	color    bool
	quiet    bool
	verbose  bool
	json     bool // --log-format json
}

func newTerminal(in io.Reader, out, err *os.File, getenv func(string) string) *terminal {
	color := term.IsTerminal(int(err.Fd())) && getenv("NO_COLOR") == "" && getenv("TERM") != "dumb"
	return &terminal{in: in, out: out, err: err, getenv: getenv, color: color}
}

// say writes a line of talk, unless -q.
func (t *terminal) say(format string, args ...any) {
	if !t.quiet {
		t.line("info", fmt.Sprintf(format, args...), "")
	}
}

// detail writes a line of talk only with -v.
func (t *terminal) detail(format string, args ...any) {
	if t.verbose {
		t.say(format, args...)
	}
}

// fail says why the program ends, once.
func (t *terminal) fail(err error) {
	var code *codeError
	if err == nil || errors.As(err, &code) && code.err == nil {
		return
	}
	message, hint, _ := strings.Cut(err.Error(), "\n")
	t.line("error", message, hint)
}

func (t *terminal) line(level, message, hint string) {
	message, hint = printable(message), printable(hint)
	if t.json {
		writeJSONLine(t.err, map[string]string{"level": level, "message": message, "hint": hint})
		return
	}
	prefix := "callboard: "
	if level == "error" {
		prefix += t.paint("31", "error: ")
	}
	fmt.Fprintln(t.err, prefix+message)
	if hint != "" {
		fmt.Fprintln(t.err, "  "+strings.ReplaceAll(hint, "\n", "\n  "))
	}
}

func (t *terminal) paint(code, s string) string {
	if !t.color {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

// diagnostics writes findings as people read them, two lines each. w is
// stdout where they are the result, stderr where they are talk.
func (t *terminal) diagnostics(w io.Writer, list diag.List) {
	codes := map[diag.Severity]string{diag.Error: "31", diag.Warning: "33", diag.Info: "36"}
	for _, d := range list {
		where := ""
		if !d.Pos.IsZero() {
			where = d.Pos.String() + ": "
		}
		fmt.Fprintf(w, "%s%s: %s [%s]\n", printable(where), t.paint(codes[d.Severity], d.Severity.String()), printable(d.Message), d.Code)
		if d.Hint != "" {
			fmt.Fprintf(w, "    %s\n", strings.ReplaceAll(printable(d.Hint), "\n", "\n    "))
		}
		for _, p := range d.Related {
			fmt.Fprintf(w, "    also at %s\n", printable(p.String()))
		}
	}
}

// printable replaces control characters other than newline and tab, and the
// Unicode characters that reorder text, so that nothing written in a
// repository can steer a reader's terminal.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r < 0x20, r >= 0x7f && r < 0xa0, r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
			return '\uFFFD'
		}
		return r
	}, s)
}
