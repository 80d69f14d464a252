package highlight

import (
	"strings"
	"sync"
	"time"

	"github.com/alecthomas/chroma/v2"
	"github.com/alecthomas/chroma/v2/lexers"
)

var lexerCache sync.Map // language → chroma.Lexer or nil

func lexerFor(language string) chroma.Lexer {
	if language == "" || len(language) > 40 {
		return nil
	}
	key := strings.ToLower(language)
	if l, ok := lexerCache.Load(key); ok {
		lexer, _ := l.(chroma.Lexer)
		return lexer
	}
	if alias, ok := aliases[key]; ok {
		key = alias
	}
	var lexer chroma.Lexer
	if key != "text" && key != "plaintext" {
		lexer = registry()[key]
	}
	lexerCache.Store(strings.ToLower(language), lexer)
	return lexer
}

// registry is every lexer by its names in lower case. chroma's own lookup
// would go on to match the name against all file patterns.
var registry = sync.OnceValue(func() map[string]chroma.Lexer {
	m := map[string]chroma.Lexer{}
	for _, l := range lexers.GlobalLexerRegistry.Lexers {
		c := l.Config()
		for _, name := range append(c.Aliases, c.Name) {
			if name = strings.ToLower(name); m[name] == nil {
				m[name] = l
			}
		}
	}
	return m
})

// aliases are names that Pygments knows and chroma does not.
var aliases = map[string]string{
	"pycon": "python", "py3": "python", "shell-session": "console", "sh-session": "console", "yml": "yaml", "jsonc": "json", "json5": "json",
	"conf": "ini", "properties": "ini", "env": "bash", "txt": "text", "plain": "text", "text": "text", "none": "text", "output": "text",
	"hcl": "hcl", "tf": "terraform", "vue": "vue", "golang": "go", "ts": "typescript", "gotmpl": "go-template", "logql": "promql",
}

// chroma gives each regular expression a quarter of a second by the clock and
// goes on as if it had not matched, so that on a busy machine the same code
// would now and then look another way. A run in which no step took that long
// had no such end; only such a run is believed.
const (
	patience = 250 * time.Millisecond
	runs     = 6
)

// tokenize returns nil where the lexer fails or is too slow, so that code is
// shown plain.
func tokenize(lexer chroma.Lexer, code []byte) []chroma.Token {
	for range runs {
		if tokens, inTime := tokenizeOnce(lexer, string(code), patience); inTime {
			return tokens
		}
	}
	return nil
}

// tokenizeOnce gives up when one step of the lexer takes as long as patience.
// Neighbours of one type become one token.
func tokenizeOnce(lexer chroma.Lexer, code string, patience time.Duration) (tokens []chroma.Token, inTime bool) {
	defer func() {
		if recover() != nil { // a lexer's own mistake must not cost the page
			tokens, inTime = nil, true
		}
	}()
	began := time.Now()
	next, err := lexer.Tokenise(nil, code)
	if err != nil {
		return nil, true
	}
	for {
		t := next()
		now := time.Now()
		if now.Sub(began) >= patience {
			return nil, false
		}
		began = now
		last := len(tokens) - 1
		switch {
		case t == chroma.EOF:
			return tokens, true
		case t.Value == "":
		case last >= 0 && tokens[last].Type == t.Type && len(tokens[last].Value) < 8192:
			tokens[last].Value += t.Value
		default:
			tokens = append(tokens, t)
		}
	}
}

// class returns the short class of a token type, as Pygments and chroma name
// it, and "" for text and for what no style colors.
func class(t chroma.TokenType) string {
	for ; t != 0; t = t.Parent() {
		if c, ok := chroma.StandardTypes[t]; ok {
			switch c {
			case "p", "w", "err", "chroma", "bg":
				return ""
			}
			return c
		}
	}
	return ""
}
