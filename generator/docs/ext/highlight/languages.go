package highlight

import (
	"strings"
	"sync"
)

const constants = "true false null nil None True False undefined NaN iota this self super"

var slashes = grammar{line: []string{"//"}, block: [2]string{"/*", "*/"}, quotes: `"'`}

// like returns a grammar with C's comments and strings.
func like(change func(*grammar)) scanner {
	g := slashes
	change(&g)
	return g.scan
}

func hashes(change func(*grammar)) scanner {
	g := grammar{line: []string{"#"}, quotes: `"'`}
	change(&g)
	return g.scan
}

// scanners are the languages read by hand, by name in lower case.
var scanners = sync.OnceValue(func() map[string]scanner {
	m := map[string]scanner{}
	register := func(s scanner, names ...string) {
		for _, n := range names {
			m[n] = s
		}
	}
	register(like(func(g *grammar) {
		g.raw = "`"
		g.words = words("kc", constants, "kt", "string int int8 int16 int32 int64 uint uint8 uint16 uint32 uint64 byte rune bool error any float32 float64 uintptr",
			"k", "break case chan const continue default defer else fallthrough for func go goto if import interface map package range return select struct switch type var",
			"nb", "append cap clear close copy delete len make max min new panic print println recover")
	}), "go", "golang")
	register(like(func(g *grammar) {
		g.raw, g.decorator, g.extra = "`", '@', "$"
		g.words = words("kc", constants, "k", `abstract as async await break case catch class const continue debugger declare default delete do else enum export extends finally
			for from function get if implements import in instanceof interface is keyof let namespace new of package private protected public readonly return
			satisfies set static switch throw try type typeof var void while with yield`, "kt", "string number boolean any unknown never object bigint symbol",
			"nb", "console document window process Promise Array Object JSON Math Map Set Date Error require module exports")
	}), "js", "javascript", "ts", "typescript", "jsx", "tsx", "mjs", "cjs", "node")
	register(like(func(g *grammar) {
		g.decorator, g.triple = '@', true
		g.words = words("kc", constants, "kt", "int long short byte char float double boolean void String var val Int Long Boolean Unit Any",
			"k", `abstract actual annotation as assert break by case catch class companion const continue crossinline data default do else enum expect extends external
			final finally for fun goto if implements import in infix init inline inner instanceof interface internal is it lateinit native new noinline object open
			operator out override package private protected public record reified return sealed static strictfp suspend switch synchronized throw throws transient
			try typealias vararg volatile when where while yield`)
	}), "java", "kotlin", "kt", "kts", "groovy", "scala")
	register(like(func(g *grammar) {
		g.words = words("kc", constants+" NULL nullptr", "kt", `int long short char float double bool void unsigned signed size_t string decimal object byte uint i8 i16 i32 i64
			u8 u16 u32 u64 usize isize f32 f64 str String Vec Option Result Box`, "k", `as async auto await break case catch class const constexpr continue crate default
			define delete do dyn else endif enum explicit export extern final fn for foreach friend get goto if ifdef ifndef impl import in include inline interface
			internal is let lock loop match mod move mut mutable namespace new operator out override params private protected pub public readonly ref return sealed
			set sizeof static struct super switch template throw trait try typedef typename union unsafe use using var virtual volatile where while yield`)
	}), "c", "cpp", "c++", "h", "hpp", "cs", "csharp", "c#", "rust", "rs", "swift", "php")
	register(like(func(g *grammar) {
		g.keys = true
		g.words = words("kc", "true false", "kt", "double float int32 int64 uint32 uint64 sint32 sint64 fixed32 fixed64 bool string bytes Int Float String Boolean ID",
			"k", `syntax package import option message enum service rpc returns stream repeated optional required oneof map reserved extend extensions
			type input interface union scalar query mutation subscription fragment on implements directive schema`)
	}), "proto", "protobuf")
	register(hashes(func(g *grammar) {
		g.triple, g.decorator = true, '@'
		g.words = words("kc", constants, "k", `and as assert async await break case class continue def del elif else except finally for from global if import in is lambda
			match nonlocal not or pass raise return try while with yield`, "nb", `print len range str int float list dict set tuple bool open isinstance type super enumerate
			zip map filter sorted sum min max any all repr format input Exception ValueError KeyError TypeError`)
	}), "python", "py", "py3", "python3")
	register(hashes(func(g *grammar) {
		g.decorator, g.extra = '@', "?!"
		g.words = words("kc", constants, "k", `alias and begin break case class def do else elsif end ensure extend for if in include module next not or private protected
			public raise redo require require_relative rescue retry return self super then unless until when while yield attr_accessor attr_reader attr_writer puts`)
	}), "ruby", "rb")
	register(hashes(func(g *grammar) {
		g.line, g.block, g.keys, g.extra = []string{"#", "//"}, [2]string{"/*", "*/"}, true, "-"
		g.words = words("kc", "true false null", "k", "resource data module variable output provider terraform locals for in if dynamic moved import check",
			"kt", "string number bool list map set object tuple any")
	}), "hcl", "tf", "terraform")
	register(hashes(func(g *grammar) {
		g.line, g.keys, g.extra = []string{"#", ";"}, true, "-."
		g.words = words("kc", "true false yes no on off")
	}), "toml", "ini", "properties", "conf", "cfg", "env", "dotenv")
	register(hashes(func(g *grammar) {
		g.variable, g.fold = '$', true
		g.words = words("k", "from run cmd label maintainer expose env add copy entrypoint volume user workdir arg onbuild stopsignal healthcheck shell as")
	}), "dockerfile", "docker", "containerfile")
	register(like(func(g *grammar) {
		g.line, g.fold = []string{"--"}, true
		g.words = words("kc", "true false null", "k", `add all alter and any as asc begin between by case check column commit constraint create cross database default delete desc
			distinct drop else end except exists explain foreign from full function grant group having if in index inner insert intersect into is join key left like limit
			materialized not of offset on or order outer over partition primary references replace returning revoke right rollback row select set table then to transaction
			trigger truncate union unique update using values view when where with`, "kt", `bigint boolean char date decimal double float int integer json jsonb numeric real
			serial smallint text time timestamp timestamptz uuid varchar`)
	}), "sql", "postgresql", "postgres", "mysql", "plsql", "sqlite")
	register((&grammar{line: []string{"//"}, block: [2]string{"/*", "*/"}, quotes: `"`, keys: true, words: words("kc", "true false null")}).scan, "json", "jsonc", "json5")
	register(shell, "bash", "sh", "shell", "zsh", "ksh", "fish")
	register(console, "console", "shell-session", "sh-session", "terminal", "shellsession")
	register(yaml, "yaml", "yml")
	register(diff, "diff", "patch", "udiff")
	return m
})

var shellGrammar = grammar{line: nil, quotes: `"`, raw: "'", extra: "-.",
	words: words("k", "if then elif else fi for in do done while until case esac function return select time break continue",
		"nb", `alias apt apt-get awk brew cat cd chmod chown cp curl cut docker echo env eval exec exit export find git go grep head helm jq kill kubectl ln local ls make
		mkdir mv npm npx pip popd printf ps pushd pwd python python3 read rm sed set sh shift sleep sort source ssh sudo tail tar tee terraform test touch trap tr uniq unset wget which xargs yarn`)}

// shell reads commands: comments begin at a word's begin only.
func shell(code string, emit emitter) {
	plain := 0
	put := func(class string, i, j int) {
		if i > plain {
			emit("", code[plain:i])
		}
		emit(class, code[i:j])
		plain = j
	}
	for i := 0; i < len(code); {
		c, start := code[i], i == 0 || strings.IndexByte(" \n\t;|&(", code[i-1]) >= 0
		j := i + 1
		switch {
		case c == '#' && start:
			j = lineEnd(code, i)
			put("c1", i, j)
		case c == '\'' && strings.IndexByte(code[i+1:], '\'') >= 0:
			j = i + 2 + strings.IndexByte(code[i+1:], '\'')
			put("s1", i, j)
		case c == '"':
			j = multilineQuoted(code, i)
			put("s2", i, j)
		case c == '$':
			if j = variableEnd(code, i); j > i+1 {
				put("nv", i, j)
			}
		case c == '\\':
			j = min(i+2, len(code))
		case c == '-' && start:
			for j < len(code) && (shellGrammar.isWord(code[j]) || isDigit(code[j])) {
				j++
			}
			put("na", i, j)
		case isDigit(c) && start:
			if j = number(code, i); j == len(code) || strings.IndexByte(" \n\t;|&)", code[j]) >= 0 {
				put("mi", i, j)
			}
		case shellGrammar.isWord(c):
			for j < len(code) && (shellGrammar.isWord(code[j]) || isDigit(code[j])) {
				j++
			}
			if class := shellGrammar.words[code[i:j]]; class != "" && start {
				put(class, i, j)
			} else if j < len(code) && code[j] == '=' && start {
				put("nv", i, j)
			}
		}
		i = j
	}
	if plain < len(code) {
		emit("", code[plain:])
	}
}

// multilineQuoted returns the end of a string that may span lines.
func multilineQuoted(code string, i int) int {
	for i++; i < len(code); i++ {
		switch code[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(code)
}

func variableEnd(code string, i int) int {
	j := i + 1
	if j < len(code) && code[j] == '{' {
		if end := strings.IndexByte(code[j:min(len(code), j+200)], '}'); end >= 0 {
			return j + end + 1
		}
		return j
	}
	for j < len(code) && (code[j] == '_' || isDigit(code[j]) || isLetter(code[j])) {
		j++
	}
	if j == i+1 && j < len(code) && strings.IndexByte("@*#?$!", code[j]) >= 0 {
		j++
	}
	return j
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

// eachLine calls f for every line, its end included.
func eachLine(code string, f func(line string)) {
	for code != "" {
		end := strings.IndexByte(code, '\n') + 1
		if end == 0 {
			end = len(code)
		}
		f(code[:end])
		code = code[end:]
	}
}

// console reads commands after a prompt, and what they print.
func console(code string, emit emitter) {
	eachLine(code, func(line string) {
		for _, prompt := range []string{"$ ", "# ", "% ", "> "} {
			if strings.HasPrefix(line, prompt) {
				emit("gp", prompt)
				shell(line[len(prompt):], emit)
				return
			}
		}
		emit("go", line)
	})
}

func diff(code string, emit emitter) {
	eachLine(code, func(line string) {
		class := ""
		switch {
		case strings.HasPrefix(line, "+++"), strings.HasPrefix(line, "---"), strings.HasPrefix(line, "diff "), strings.HasPrefix(line, "index "):
			class = "gh"
		case strings.HasPrefix(line, "+"):
			class = "gi"
		case strings.HasPrefix(line, "-"):
			class = "gd"
		case strings.HasPrefix(line, "@@"):
			class = "gu"
		}
		emit(class, line)
	})
}

// yaml reads line by line: indent and list marks, key, value, comment. The
// lines of a block scalar are text.
func yaml(code string, emit emitter) {
	scalar := -1 // the indent of the line that began a block scalar
	eachLine(code, func(line string) {
		body := strings.TrimLeft(line, " \t")
		indent := len(line) - len(body)
		if strings.TrimSpace(body) == "" || scalar >= 0 && indent > scalar {
			emit("", line)
			return
		}
		scalar = -1
		start := indent
		for strings.HasPrefix(line[start:], "- ") {
			start += 2
			start += len(line[start:]) - len(strings.TrimLeft(line[start:], " "))
		}
		emit("", line[:start])
		rest := line[start:]
		if k := yamlKey(rest); k > 0 {
			emit("nt", rest[:k])
			emit("", rest[k:k+1])
			rest = rest[k+1:]
		}
		if v := strings.TrimSpace(rest); v != "" && (v[0] == '|' || v[0] == '>') {
			scalar = start
			if strings.HasPrefix(line[indent:], "- ") {
				scalar = indent
			}
		}
		yamlValue(rest, emit)
	})
}

// yamlKey returns the length of the key that a line begins with, or 0.
func yamlKey(s string) int {
	i := 0
	if s != "" && (s[0] == '"' || s[0] == '\'') {
		i = quoted(s, 0)
		if i < len(s) && s[i] == ':' {
			return i
		}
		return 0
	}
	for ; i < len(s); i++ {
		switch s[i] {
		case ':':
			if i+1 == len(s) || s[i+1] == ' ' || s[i+1] == '\n' {
				return i
			}
		case '#', '{', '[', '"':
			if i == 0 || s[i] == '#' && s[i-1] == ' ' {
				return 0
			}
		}
	}
	return 0
}

var yamlWords = words("kc", "true false null yes no on off True False ~")

func yamlValue(s string, emit emitter) {
	for i := 0; i < len(s); {
		j := i + 1
		class := ""
		switch c := s[i]; {
		case c == '#' && (i == 0 || s[i-1] == ' ' || s[i-1] == '\t'):
			j, class = lineEnd(s, i), "c1"
		case c == '"' || c == '\'':
			if j, class = quoted(s, i), "s"; follows(s, j, ':') {
				class = "nt"
			}
		case (c == '&' || c == '*' || c == '!') && (i == 0 || s[i-1] == ' '):
			for j < len(s) && s[j] > ' ' && s[j] != ',' {
				j++
			}
			class = "nl"
		case c > ' ' && strings.IndexByte("{}[],:", c) < 0:
			for j < len(s) && s[j] > ' ' && strings.IndexByte("{}[],", s[j]) < 0 {
				j++
			}
			word := s[i:j]
			switch {
			case yamlWords[word] != "":
				class = yamlWords[word]
			case isDigit(c) && strings.Trim(word, "0123456789._-") == "":
				class = "mi"
			case strings.HasSuffix(word, ":"):
				j, class = j-1, "nt"
			}
		}
		emit(class, s[i:j])
		i = j
	}
}
