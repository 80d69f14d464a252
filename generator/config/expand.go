package config

import (
	"fmt"
	"strings"
)

// variable is a ${NAME} of a value that could not be expanded.
type variable struct {
	offset  int // byte offset of "$" in the value
	message string
	hint    string
	unset   bool // well formed, but not in the environment
}

// expand replaces ${NAME} and ${NAME:-default} in s by the environment's
// values; "$${" stands for "${" itself. As in a shell, the default also
// replaces an empty value.
func expand(s string, env func(string) (string, bool)) (out string, bad []variable) {
	var b strings.Builder
	for at := 0; ; {
		i := strings.Index(s[at:], "${")
		if i < 0 {
			b.WriteString(s[at:])
			return b.String(), bad
		}
		i += at
		if i > at && s[i-1] == '$' {
			b.WriteString(s[at:i-1] + "${")
			at = i + 2
			continue
		}
		b.WriteString(s[at:i])
		end := strings.IndexByte(s[i:], '}')
		if end < 0 {
			bad = append(bad, variable{i, "variable reference is not closed", `write ${NAME}, or "$${" for a literal "${"`, false})
			b.WriteString(s[i:])
			return b.String(), bad
		}
		value, problem := lookUp(s[i+2:i+end], env)
		if problem != nil {
			problem.offset = i
			bad = append(bad, *problem)
		}
		b.WriteString(value)
		at = i + end + 1
	}
}

func lookUp(reference string, env func(string) (string, bool)) (string, *variable) {
	name, fallback, hasFallback := strings.Cut(reference, ":-")
	if !isVariableName(name) {
		return "", &variable{message: fmt.Sprintf("%q is not a variable's name", name), hint: `write ${NAME} or ${NAME:-default}, or "$${" for a literal "${"`}
	}
	value, ok := env(name)
	switch {
	case ok && (value != "" || !hasFallback):
		return value, nil
	case hasFallback:
		return fallback, nil
	}
	return "", &variable{unset: true, message: fmt.Sprintf("environment variable %q is not set", name), hint: fmt.Sprintf("set it, or give a default: ${%s:-value}", name)}
}

func isVariableName(s string) bool {
	for i, c := range []byte(s) {
		letter := c == '_' || (c|0x20 >= 'a' && c|0x20 <= 'z')
		if !letter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return s != ""
}
