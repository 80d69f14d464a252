// Package secret holds credentials in a type that cannot be printed by
// accident: whatever a log, an error or a report does with one, it shows "***".
package secret

import (
	"fmt"
	"log/slog"
)

const hidden = "***"

// Secret is a token or password. Every way of printing it gives "***" (or ""
// when it is not set); only [Secret.Reveal] gives the value.
type Secret struct{ value string }

// New returns a secret with the given value.
func New(value string) Secret { return Secret{value} }

// Reveal returns the value itself. Call it only where it is sent to its owner.
func (s Secret) Reveal() string { return s.value }

// IsSet reports whether there is a value.
func (s Secret) IsSet() bool { return s.value != "" }

// String returns "***", or "" when the secret is not set.
func (s Secret) String() string {
	if s.value == "" {
		return ""
	}
	return hidden
}

// Format prints as String does, whatever the verb.
func (s Secret) Format(f fmt.State, _ rune) { fmt.Fprint(f, s.String()) }

// GoString prints as String does, for %#v inside other values.
func (s Secret) GoString() string { return s.String() }

// MarshalText writes as String does.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// MarshalJSON writes as String does, as a JSON string.
func (s Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + s.String() + `"`), nil }

// MarshalYAML writes as String does.
func (s Secret) MarshalYAML() (any, error) { return s.String(), nil }

// LogValue writes as String does.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }
