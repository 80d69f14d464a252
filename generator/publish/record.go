package publish

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/callboard-portal/callboard/generator/manifest"
)

// record says which tree holds which release. Trees are known by their inode,
// not by their path, since an exchange swaps the paths.
type record struct {
	Format  string         `json:"format"`
	Version int            `json:"version"`
	Trees   []recordedTree `json:"trees"`
}

type recordedTree struct {
	ID       string `json:"id"`
	Manifest string `json:"manifest"` // a file beside the record
}

const (
	recordFormat  = "callboard release"
	recordVersion = 1
)

// readRecord reads the record. One that is missing or damaged is empty, which
// costs time and nothing else; one of a later Callboard is refused.
func readRecord(file string) (record, error) {
	empty := record{Format: recordFormat, Version: recordVersion}
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return empty, nil
	}
	if err != nil {
		return empty, fmt.Errorf("read release record: %w", err)
	}
	var r record
	err = json.Unmarshal(text, &r) // which reads what it can, whatever the error
	if r.Format == recordFormat && r.Version > recordVersion {
		return empty, fmt.Errorf("read release record: %w", manifest.ErrNewer)
	}
	if err != nil || r.Format != recordFormat {
		return empty, nil
	}
	return r, nil
}

// saveRecord replaces the record, durably.
func (s *store) saveRecord(trees ...recordedTree) error {
	if err := s.disk.step("record"); err != nil {
		return err
	}
	s.record.Trees = trees
	text, err := json.Marshal(s.record)
	if err != nil {
		return err
	}
	temp := s.recordFile() + ".new"
	f, err := os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(temp, s.recordFile()); err != nil {
		return err
	}
	return syncFolder(s.dir)
}

// keepManifest writes a manifest beside the record and returns its name, which
// comes from its content.
func (s *store) keepManifest(m *manifest.Manifest) (string, error) {
	if err := s.disk.step("manifest"); err != nil {
		return "", err
	}
	data := m.Encode()
	name := manifest.Sum(data).String()[:24] + manifestSuffix
	return name, manifest.Write(filepath.Join(s.dir, name), data)
}

const manifestSuffix = ".manifest"

// tidy removes what earlier builds left in the folder of the record, such as
// manifests that it does not mention and files half written.
func (s *store) tidy() error {
	keep := map[string]bool{filepath.Base(s.recordFile()): true, filepath.Base(s.spare): filepath.Dir(s.spare) == s.dir}
	for _, t := range s.record.Trees {
		keep[t.Manifest] = true
	}
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !keep[e.Name()] {
			err = errors.Join(err, os.RemoveAll(filepath.Join(s.dir, e.Name())))
		}
	}
	return err
}
