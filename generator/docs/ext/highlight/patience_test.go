package highlight

import (
	"testing"
	"time"

	"github.com/alecthomas/chroma/v2"
)

// sleepy is a lexer that takes its time over a step in its first runs.
type sleepy struct {
	chroma.Lexer
	slowRuns int
}

func (s *sleepy) Tokenise(*chroma.TokeniseOptions, string) (chroma.Iterator, error) {
	words := []chroma.Token{{Type: chroma.Keyword, Value: "let"}, {Type: chroma.Keyword, Value: " "}, {Type: chroma.Name, Value: "x"}, chroma.EOF}
	slow := s.slowRuns > 0
	s.slowRuns--
	return func() chroma.Token {
		if slow && len(words) == 3 {
			time.Sleep(30 * time.Millisecond)
		}
		t := words[0]
		words = words[1:]
		return t
	}, nil
}

func TestARunThatMayHaveTimedOutIsNotBelieved(t *testing.T) {
	lexer := &sleepy{slowRuns: 1}
	if tokens, inTime := tokenizeOnce(lexer, "let x", 20*time.Millisecond); inTime || tokens != nil {
		t.Errorf("a slow run gives %v", tokens)
	}
	tokens, inTime := tokenizeOnce(lexer, "let x", 10*time.Second)
	if !inTime || len(tokens) != 2 || tokens[0].Value != "let " || tokens[1].Value != "x" {
		t.Errorf("a run in time gives %v, %t", tokens, inTime)
	}
}
