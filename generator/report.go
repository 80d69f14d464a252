package generator

import (
	"time"

	"github.com/callboard-portal/callboard/generator/diag"
)

// reportVersion is the version of the JSON that --report writes.
const reportVersion = 1

// Report says what a build did. It is written by --report and never becomes
// part of the site, since it holds durations.
type Report struct {
	Version int `json:"version"`
	// SiteHash identifies the site's bytes, but for those that tell the time
	// of the build (the about page and build.json): equal hashes mean that
	// there is nothing new to publish.
	SiteHash string    `json:"siteHash"`
	Started  time.Time `json:"started"`
	Seconds  float64   `json:"seconds"`
	// Stages in running order.
	Stages []StageReport `json:"stages"`
	Pages  PageReport    `json:"pages"`
	// Files and Bytes count everything in the site, pages included.
	Files int   `json:"files"`
	Bytes int64 `json:"bytes"`
	// Entities counts by kind, in lower case.
	Entities    map[string]int   `json:"entities"`
	Docs        DocsReport       `json:"docs"`
	Diagnostics DiagnosticCounts `json:"diagnostics"`
	Sources     []SourceReport   `json:"sources"`
	// PeakRSSBytes is the largest resident size of this process, 0 where the
	// system does not tell.
	PeakRSSBytes int64 `json:"peakRSSBytes"`
	// Findings are the diagnostics themselves, sorted.
	Findings diag.List `json:"findings"`
}

// StageReport is one stage of a build.
type StageReport struct {
	Name string `json:"name"`
	// Seconds is the wall time; 0 while the stage runs.
	Seconds float64 `json:"seconds"`
	// Summary is what the stage made, such as "12 sources".
	Summary string `json:"summary,omitempty"`
	// Done is false in the progress call that announces the stage.
	Done bool `json:"-"`
}

// PageReport counts HTML pages.
type PageReport struct {
	Total     int `json:"total"`
	Rendered  int `json:"rendered"`
	Unchanged int `json:"unchanged"`
	Removed   int `json:"removed"`
}

// DocsReport counts documentation.
type DocsReport struct {
	Sites int `json:"sites"`
	Pages int `json:"pages"`
}

// DiagnosticCounts counts findings by severity.
type DiagnosticCounts struct {
	Error   int `json:"error"`
	Warning int `json:"warning"`
	Info    int `json:"info"`
}

// SourceReport is the state of one source. Age is in seconds since the remote
// last confirmed the commit, reckoned from the build's time.
type SourceReport struct {
	Name   string  `json:"name"`
	Commit string  `json:"commit,omitempty"`
	Age    float64 `json:"age"`
	State  string  `json:"state"`
	Error  string  `json:"error,omitempty"`
}
