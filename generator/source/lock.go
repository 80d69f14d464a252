package source

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"
)

const lockVersion = 1

// lock is lock.json: the last good commit of every `git:` source and of every
// repository discovered. Methods are safe for concurrent use.
type lock struct {
	mu   sync.Mutex
	file string
	data lockData
	raw  []byte // the file's bytes, to leave an unchanged file alone
}

type lockData struct {
	Version int                    `json:"version"`
	Sources map[string]lockedState `json:"sources"`
}

// lockedState is what is known of one source. It holds no credentials.
type lockedState struct {
	Name   string    `json:"name"`
	URL    string    `json:"url"`
	Ref    string    `json:"ref,omitempty"`    // branch or tag followed
	Branch string    `json:"branch,omitempty"` // the same where it is a branch
	Commit string    `json:"commit"`
	Time   time.Time `json:"time"`            // when the remote last confirmed Commit
	Depth  int       `json:"depth"`           // generations fetched, -1 for all
	Store  string    `json:"store,omitempty"` // the object store's folder under git/
	// Used is when Commit was last shown without being confirmed, to the day.
	Used time.Time `json:"used,omitzero"`
	place
}

// place is what a repository on this machine says of itself; empty for others.
type place struct {
	Origin   string `json:"origin,omitempty"`   // the clone URL of its remote, without credentials
	Boundary string `json:"boundary,omitempty"` // names where its own history is cut
}

// openLock reads lock.json. A file that cannot be used gives an empty lock
// and the reason; the next save replaces it.
func openLock(stateDir string) (*lock, error) {
	l := &lock{file: filepath.Join(stateDir, "lock.json"), data: lockData{Version: lockVersion, Sources: map[string]lockedState{}}}
	b, err := os.ReadFile(l.file)
	if errors.Is(err, fs.ErrNotExist) {
		return l, nil
	}
	if err != nil {
		return l, err
	}
	var data lockData
	if err := json.Unmarshal(b, &data); err != nil {
		return l, errors.New("it is not valid JSON")
	}
	if data.Version != lockVersion {
		return l, fmt.Errorf("it has version %d, this program reads version %d", data.Version, lockVersion)
	}
	if data.Sources == nil {
		data.Sources = map[string]lockedState{}
	}
	l.data, l.raw = data, b
	return l, nil
}

func (l *lock) get(key string) (lockedState, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s, ok := l.data.Sources[key]
	return s, ok
}

func (l *lock) set(key string, s lockedState) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.data.Sources[key] = s
}

// touch notes that the last good commit of a source is still of use.
func (l *lock) touch(key string, now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if s, ok := l.data.Sources[key]; ok && now.Sub(s.lastUse()) > 24*time.Hour {
		s.Used = now
		l.data.Sources[key] = s
	}
}

func (l lockedState) lastUse() time.Time {
	if l.Used.After(l.Time) {
		return l.Used
	}
	return l.Time
}

// keepUnused is how long the copy of a source stays that no entry names any
// more: another configuration may share the state folder, and an entry that
// was taken out may come back.
const keepUnused = 30 * 24 * time.Hour

// forget drops the sources that are not in use and were last used long before
// now, and returns their keys.
func (l *lock) forget(inUse map[string]bool, now time.Time) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var gone []string
	for key, s := range l.data.Sources {
		if !inUse[key] && now.Sub(s.lastUse()) > keepUnused {
			gone = append(gone, key)
			delete(l.data.Sources, key)
		}
	}
	slices.Sort(gone)
	return gone
}

// save writes the lock, with map keys in order, so that equal states are equal bytes.
func (l *lock) save() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	b, err := json.MarshalIndent(l.data, "", "  ")
	if err != nil {
		return err
	}
	if b = append(b, '\n'); bytes.Equal(b, l.raw) {
		return nil
	}
	return writeFile(l.file, b)
}
