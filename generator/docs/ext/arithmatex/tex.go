package arithmatex

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The limits of a formula.
const (
	maxSource = 8 << 10
	maxOutput = 128 << 10
	maxDepth  = 40
)

// MathML translates TeX's mathematics to MathML: what papers and runbooks
// use, letters, scripts, fractions, roots, accents, fences, matrices and
// symbols. It returns false for a formula with a command it does not know, or
// one that is too long or too deep; such a formula is shown as it is written.
func MathML(tex string, display bool) (string, bool) {
	if len(tex) > maxSource || !utf8.ValidString(tex) {
		return "", false
	}
	p := &translator{rest: strings.TrimSpace(tex), display: display}
	row := p.row("")
	if p.failed || p.rest != "" {
		return "", false
	}
	if display {
		return `<math display="block">` + row + "</math>", true
	}
	return "<math>" + row + "</math>", true
}

type translator struct {
	rest    string
	display bool
	depth   int
	size    int
	failed  bool
}

func (p *translator) fail() string {
	p.failed, p.rest = true, ""
	return ""
}

func (p *translator) space() { p.rest = strings.TrimLeft(p.rest, " \t\n\r") }

func (p *translator) take(prefix string) bool {
	rest, ok := strings.CutPrefix(p.rest, prefix)
	p.rest = rest
	return ok
}

// row reads up to a closing text, which stays, and returns an element around
// everything read.
func (p *translator) row(end string) string {
	var parts []string
	for {
		p.space()
		if p.rest == "" || p.atEnd(end) || p.failed {
			break
		}
		parts = append(parts, p.scripted())
	}
	if len(parts) == 1 {
		return parts[0]
	}
	return "<mrow>" + strings.Join(parts, "") + "</mrow>"
}

// atEnd reports whether what ends a row follows. Cells and lines of matrices
// end rows of theirs, and only of theirs.
func (p *translator) atEnd(end string) bool {
	switch end {
	case "":
		return false
	case "cell":
		return strings.HasPrefix(p.rest, "&") || strings.HasPrefix(p.rest, `\\`) || strings.HasPrefix(p.rest, `\end{`)
	}
	return strings.HasPrefix(p.rest, end)
}

// scripted reads an atom with what is set above and below it.
func (p *translator) scripted() string {
	if p.depth++; p.depth > maxDepth {
		return p.fail()
	}
	defer func() { p.depth-- }()
	base, limits := p.atom()
	var sub, sup string
	for p.space(); !p.failed; p.space() {
		switch {
		case sub == "" && p.take("_"):
			sub = p.argument()
		case sup == "" && p.take("^"):
			sup = p.argument()
		case strings.HasPrefix(p.rest, "'"):
			n := len(p.rest) - len(strings.TrimLeft(p.rest, "'"))
			if sup != "" || n > 4 {
				return p.fail()
			}
			p.rest = p.rest[n:]
			sup = "<mo>" + strings.Repeat("′", n) + "</mo>"
		default:
			return p.sized(withScripts(base, sub, sup, limits && p.display))
		}
	}
	return ""
}

func (p *translator) sized(s string) string {
	if p.size += len(s); p.size > maxOutput {
		return p.fail()
	}
	return s
}

func withScripts(base, sub, sup string, limits bool) string {
	both, below, above := "msubsup", "msub", "msup"
	if limits {
		both, below, above = "munderover", "munder", "mover"
	}
	switch {
	case sub != "" && sup != "":
		return element(both, base+sub+sup)
	case sub != "":
		return element(below, base+sub)
	case sup != "":
		return element(above, base+sup)
	}
	return base
}

func element(name, content string) string { return "<" + name + ">" + content + "</" + name + ">" }

// argument reads one token or a group.
func (p *translator) argument() string {
	p.space()
	if p.rest == "" {
		return p.fail()
	}
	s, _ := p.atom()
	return s
}

// group reads {…} as text, braces balanced.
func (p *translator) group() (string, bool) {
	p.space()
	if !p.take("{") {
		return "", false
	}
	depth := 1
	for i := 0; i < len(p.rest); i++ {
		switch p.rest[i] {
		case '\\':
			i++
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				s := p.rest[:i]
				p.rest = p.rest[i+1:]
				return s, true
			}
		}
	}
	return "", false
}

// atom reads one thing, and reports whether scripts go above and below it in
// displayed formulas.
func (p *translator) atom() (s string, limits bool) {
	if p.depth++; p.depth > maxDepth {
		return p.fail(), false
	}
	defer func() { p.depth-- }()
	r, n := utf8.DecodeRuneInString(p.rest)
	switch {
	case r == '{':
		p.rest = p.rest[1:]
		s = p.row("}")
		if !p.take("}") {
			return p.fail(), false
		}
		return s, false
	case r == '\\':
		return p.command()
	case r >= '0' && r <= '9':
		end := strings.IndexFunc(p.rest, func(r rune) bool { return (r < '0' || r > '9') && r != '.' })
		if end < 0 {
			end = len(p.rest)
		}
		s, p.rest = p.rest[:end], p.rest[end:]
		return element("mn", s), false
	case r == '~':
		p.rest = p.rest[1:]
		return `<mspace width="0.33em"></mspace>`, false
	case strings.ContainsRune("}&#%^_$", r):
		return p.fail(), false
	}
	p.rest = p.rest[n:]
	if unicode.IsLetter(r) {
		return element("mi", string(r)), false
	}
	switch r {
	case '-':
		r = '−'
	case '*':
		r = '∗'
	}
	return element("mo", html.EscapeString(string(r))), false
}

// name reads a command's name after its backslash.
func (p *translator) name() string {
	p.rest = p.rest[1:]
	end := strings.IndexFunc(p.rest, func(r rune) bool { return r > unicode.MaxASCII || !unicode.IsLetter(r) })
	switch {
	case p.rest == "":
		return ""
	case end < 0:
		end = len(p.rest)
	case end == 0:
		_, end = utf8.DecodeRuneInString(p.rest)
	}
	name := p.rest[:end]
	p.rest = p.rest[end:]
	return name
}

func (p *translator) command() (string, bool) {
	name := p.name()
	if s, ok := symbols[name]; ok {
		return element("mo", s), largeOperators[name]
	}
	if s, ok := letters[name]; ok {
		return element("mi", s), false
	}
	if w, ok := spaces[name]; ok {
		return `<mspace width="` + w + `"></mspace>`, false
	}
	if functions[name] {
		return `<mi mathvariant="normal">` + name + "</mi>", strings.HasPrefix(name, "lim") || name == "max" || name == "min" || name == "sup" || name == "inf" || name == "argmax" || name == "argmin"
	}
	if a, ok := accents[name]; ok {
		return `<mover accent="true">` + p.argument() + `<mo>` + a + `</mo></mover>`, false
	}
	return p.structure(name), false
}

// structure reads commands with arguments.
func (p *translator) structure(name string) string {
	switch name {
	case "frac", "dfrac", "tfrac", "cfrac":
		above := p.argument()
		return element("mfrac", above+p.argument())
	case "binom":
		above := p.argument()
		return `<mrow><mo>(</mo><mfrac linethickness="0">` + above + p.argument() + "</mfrac><mo>)</mo></mrow>"
	case "sqrt":
		p.space()
		if p.take("[") {
			degree := p.row("]")
			if !p.take("]") {
				return p.fail()
			}
			return element("mroot", p.argument()+degree)
		}
		return element("msqrt", p.argument())
	case "text", "textrm", "textit", "textbf", "texttt", "mbox", "mathrm", "operatorname":
		s, ok := p.group()
		if !ok || strings.ContainsAny(s, `\{}$`) {
			return p.fail()
		}
		if name == "mathrm" || name == "operatorname" {
			return `<mi mathvariant="normal">` + html.EscapeString(s) + "</mi>"
		}
		return element("mtext", html.EscapeString(s))
	case "mathbf", "boldsymbol", "bm", "mathbb", "mathcal", "mathscr", "mathfrak", "mathsf", "mathtt", "mathit":
		s, ok := p.group()
		if !ok || strings.ContainsAny(s, `\{}$`) {
			return p.fail()
		}
		return element("mi", html.EscapeString(styled(name, s)))
	case "underline", "underbrace":
		return `<munder>` + p.argument() + "<mo>" + map[string]string{"underline": "_", "underbrace": "⏟"}[name] + "</mo></munder>"
	case "overset", "stackrel":
		above := p.argument()
		return element("mover", p.argument()+above)
	case "underset":
		below := p.argument()
		return element("munder", p.argument()+below)
	case "left":
		return p.fenced()
	case "begin":
		return p.environment()
	case "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr", "displaystyle", "textstyle", "limits", "nolimits":
		return ""
	case "label", "tag":
		if _, ok := p.group(); ok {
			return ""
		}
	case "not":
		return p.negated()
	}
	return p.fail()
}

// negated reads what \not stands before.
func (p *translator) negated() string {
	p.space()
	for _, sign := range [][2]string{{"=", "≠"}, {`\in`, "∉"}, {`\subset`, "⊄"}, {"<", "≮"}, {">", "≯"}} {
		if p.take(sign[0]) {
			return element("mo", sign[1])
		}
	}
	return p.fail()
}

// delimiter reads what follows \left and \right.
func (p *translator) delimiter() (string, bool) {
	p.space()
	if p.take(".") {
		return "", true
	}
	for _, d := range []string{"(", ")", "[", "]", "|", "/", "<", ">"} {
		if p.take(d) {
			return html.EscapeString(map[string]string{"<": "⟨", ">": "⟩"}[d] + strings.Trim(d, "<>")), true
		}
	}
	if strings.HasPrefix(p.rest, `\`) {
		s, ok := symbols[p.name()]
		return s, ok
	}
	return "", false
}

func (p *translator) fenced() string {
	left, ok := p.delimiter()
	if !ok {
		return p.fail()
	}
	inside := p.row(`\right`)
	if !p.take(`\right`) {
		return p.fail()
	}
	right, ok := p.delimiter()
	if !ok {
		return p.fail()
	}
	return "<mrow>" + fenceOf(left) + inside + fenceOf(right) + "</mrow>"
}

func fenceOf(s string) string {
	if s == "" {
		return ""
	}
	return `<mo fence="true" stretchy="true">` + s + "</mo>"
}

// environments are the fences around matrices and the like.
var environments = map[string][2]string{
	"matrix": {}, "pmatrix": {"(", ")"}, "bmatrix": {"[", "]"}, "Bmatrix": {"{", "}"}, "vmatrix": {"|", "|"}, "Vmatrix": {"‖", "‖"}, "smallmatrix": {},
	"cases": {"{", ""}, "aligned": {}, "align": {}, "align*": {}, "split": {}, "gather": {}, "gather*": {}, "gathered": {}, "array": {}, "equation": {}, "equation*": {},
}

func (p *translator) environment() string {
	name, ok := p.group()
	fences, known := environments[name]
	if !ok || !known {
		return p.fail()
	}
	align := ""
	switch {
	case name == "array":
		if _, ok := p.group(); !ok {
			return p.fail()
		}
	case name == "cases":
		align = ` columnalign="left left"`
	case strings.HasPrefix(name, "align") || name == "split":
		align = ` columnalign="right left" columnspacing="0"`
	}
	var rows strings.Builder
	for !p.failed {
		rows.WriteString("<mtr>")
		for {
			rows.WriteString(element("mtd", p.row("cell")))
			if p.failed || !p.take("&") {
				break
			}
		}
		rows.WriteString("</mtr>")
		if !p.take(`\\`) {
			break
		}
		if p.space(); strings.HasPrefix(p.rest, `\end{`) {
			break
		}
	}
	if !p.take(`\end{` + name + `}`) {
		return p.fail()
	}
	return "<mrow>" + fenceOf(fences[0]) + "<mtable" + align + ">" + rows.String() + "</mtable>" + fenceOf(fences[1]) + "</mrow>"
}
