package source

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
)

// writeFile replaces a file atomically: readers see the old or the new bytes.
func writeFile(name string, b []byte) (err error) {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+"-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(f.Name())
		}
	}()
	if _, err = f.Write(b); err != nil {
		f.Close()
		return err
	}
	if err = f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}

// sealed prefixes text with its own hash, so that a damaged cache is noticed.
func sealed(text string) []byte {
	sum := sha256.Sum256([]byte(text))
	return append([]byte(hex.EncodeToString(sum[:])+"\n"), text...)
}

// verified returns the text of sealed bytes, false when they are damaged.
func verified(b []byte) (string, bool) {
	head, text, ok := strings.Cut(string(b), "\n")
	if !ok {
		return "", false
	}
	sum := sha256.Sum256([]byte(text))
	return text, head == hex.EncodeToString(sum[:])
}

// keyOf makes a file name from what identifies something: readable, then unique.
func keyOf(readable string, identity ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(identity, "\n")))
	slug := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '-', r == '.':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return '-'
	}, readable)
	if len(slug) > 40 {
		slug = slug[:40]
	}
	return strings.Trim(slug, ".-") + "-" + hex.EncodeToString(sum[:8])
}
