package remote

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"time"
)

// answer is what an address gave, with what revalidates it (RFC 9110, 8.8).
// It is kept as one file: a line of JSON, then the bytes.
type answer struct {
	Version      int       `json:"version"`
	URL          string    `json:"url"`
	ETag         string    `json:"etag,omitempty"`
	LastModified string    `json:"lastModified,omitempty"`
	Time         time.Time `json:"time"` // when the host last confirmed it
	SHA256       string    `json:"sha256"`

	data []byte
}

const keptVersion = 1

func (r *Reader) keptFile(address string) string {
	sum := sha256.Sum256([]byte(address))
	return filepath.Join(r.opt.Dir, hex.EncodeToString(sum[:16]))
}

// kept returns the answer that an earlier run kept. A file that is damaged, or
// of another version, counts as none.
func (r *Reader) kept(address string) (answer, bool) {
	if r.opt.Dir == "" {
		return answer{}, false
	}
	text, err := os.ReadFile(r.keptFile(address))
	if err != nil {
		return answer{}, false
	}
	head, data, _ := bytes.Cut(text, []byte("\n"))
	var a answer
	if json.Unmarshal(head, &a) != nil || a.Version != keptVersion || a.URL != address || a.SHA256 != hashOf(data) || len(data) > maxBytes {
		return answer{}, false
	}
	a.data = data
	return a, true
}

// keep writes an answer for later runs. A failure costs the later run time and
// nothing else, so it is only logged.
func (r *Reader) keep(a answer) {
	if r.opt.Dir == "" {
		return
	}
	a.Version, a.SHA256 = keptVersion, hashOf(a.data)
	head, err := json.Marshal(a)
	if err == nil {
		err = writeWhole(r.keptFile(a.URL), append(append(head, '\n'), a.data...))
	}
	if err != nil {
		r.opt.Log.Warn("remote: cannot keep an answer", "url", a.URL, "error", err)
	}
}

func hashOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// writeWhole writes a file so that it is there whole or not at all.
func writeWhole(file string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(file), ".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // fails, as it should, once renamed
	_, err = f.Write(data)
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), file)
}
