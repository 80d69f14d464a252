package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// This file cuts text into words. The browser does the same with the same
// rules (themes/base/assets/ts/search/words.ts); a parity test holds the two
// together, so a change here is a change there and a new AnalysisVersion.

// maxWord is the longest word, in characters, that is indexed or looked for.
// Longer runs are hashes and base64, which nobody types.
const maxWord = 40

// keyMark ends the term of a whole name; no word contains it.
const keyMark = "="

// maxKey is the longest whole name, in bytes, that is kept as a term.
const maxKey = 96

// eachWord calls f with every word of s, folded: lower case, compatibility
// forms and accents taken away. A word is a run of letters, marks, digits and
// apostrophes between letters; Chinese and Japanese runs give their pairs of
// neighbouring characters, since they have no spaces. The slice is only valid
// during the call.
func eachWord(s string, f func(word []byte)) {
	if !isASCII(s) {
		s = foldText(s)
	}
	var buf, cjk [maxWord*utf8.UTFMax + 8]byte
	b, run := buf[:0], cjk[:0]
	chars := 0
	flush := func() {
		if n := len(b); n > 0 && b[n-1] == '\'' {
			b = b[:n-1]
		}
		if len(b) > 0 && chars <= maxWord {
			f(b)
		}
		b, chars = buf[:0], 0
	}
	flushRun := func(prev rune, single bool) {
		if single {
			f(append(run[:0], string(prev)...))
		}
	}
	var prev rune
	prevSingle := false
	for _, r := range s {
		if isIdeograph(r) {
			flush()
			if prev != 0 {
				f(append(append(run[:0], string(prev)...), string(r)...))
				prevSingle = false
			} else {
				prevSingle = true
			}
			prev = r
			continue
		}
		if prev != 0 {
			flushRun(prev, prevSingle)
			prev, prevSingle = 0, false
		}
		switch {
		case isWordChar(r):
			if chars++; chars <= maxWord {
				b = utf8.AppendRune(b, unicode.ToLower(r))
			}
		case isApostrophe(r) && len(b) > 0 && b[len(b)-1] != '\'':
			if chars++; chars <= maxWord {
				b = append(b, '\'')
			}
		default:
			flush()
		}
	}
	if prev != 0 {
		flushRun(prev, prevSingle)
	}
	flush()
}

// words returns the words of s as [eachWord] cuts them.
func words(s string) []string {
	var out []string
	eachWord(s, func(w []byte) { out = append(out, string(w)) })
	return out
}

// foldText decomposes compatibility forms and drops combining accents.
func foldText(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 0x300 && r <= 0x36f {
			return -1
		}
		return r
	}, norm.NFKD.String(s))
}

// nameWords cuts identifiers the way people remember them: at punctuation,
// at camel case humps, and also whole. "payment-serviceV2.api" gives payment,
// servicev2, service, v2, api and paymentservicev2api.
func nameWords(s string) []string {
	var out []string
	seen := map[string]bool{}
	add := func(w string) {
		if w != "" && !seen[w] && utf8.RuneCountInString(w) <= maxWord {
			seen[w] = true
			out = append(out, w)
		}
	}
	for _, field := range strings.Fields(s) {
		parts := 0
		for _, part := range strings.FieldsFunc(field, func(r rune) bool { return !isWordChar(r) }) {
			parts++
			for _, w := range words(part) {
				add(w)
			}
			if humps := splitHumps(part); len(humps) > 1 {
				for _, h := range humps {
					for _, w := range words(h) {
						add(w)
					}
				}
			}
		}
		if parts > 1 {
			add(nameKey(field))
		}
	}
	return out
}

// nameKey is what two spellings of a name share: its words run together.
func nameKey(s string) string {
	var b strings.Builder
	eachWord(s, func(w []byte) {
		for _, c := range w {
			if c != '\'' {
				b.WriteByte(c)
			}
		}
	})
	return b.String()
}

// splitHumps cuts camel case: "HTTPServerV2" is HTTP, Server, V2.
func splitHumps(s string) []string {
	rs := []rune(s)
	var out []string
	start := 0
	for i := 1; i < len(rs); i++ {
		up, wasUp := unicode.IsUpper(rs[i]), unicode.IsUpper(rs[i-1])
		nextLow := i+1 < len(rs) && unicode.IsLower(rs[i+1])
		if up && (!wasUp || nextLow) {
			out = append(out, string(rs[start:i]))
			start = i
		}
	}
	return append(out, string(rs[start:]))
}

func isWordChar(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
	}
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r)
}

func isApostrophe(r rune) bool { return r == '\'' || r == '’' || r == '＇' }

// isIdeograph reports scripts written without spaces whose words are found
// as pairs of characters.
func isIdeograph(r rune) bool {
	return r >= 0x3040 && r <= 0x30ff || r >= 0x3400 && r <= 0x4dbf || r >= 0x4e00 && r <= 0x9fff || r >= 0x20000 && r <= 0x3134f
}

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
