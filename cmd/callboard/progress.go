package main

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"golang.org/x/term"

	"github.com/callboard-portal/callboard/generator"
)

// progress returns what tells the user where a build is. On a terminal it is
// one line that changes, shown only once a build has run for a moment;
// elsewhere it is a line for each stage, with -v.
func (r *root) progress() func(generator.StageReport) {
	file, isFile := r.t.err.(*os.File)
	if r.t.quiet {
		return nil
	}
	if r.t.json || !isFile || !term.IsTerminal(int(file.Fd())) {
		return func(s generator.StageReport) {
			if s.Done {
				r.t.detail("%s: %s in %s", s.Name, s.Summary, seconds(s.Seconds))
			}
		}
	}
	begin := time.Now()
	return func(s generator.StageReport) {
		const clear = "\r\x1b[K"
		switch {
		case s.Done && r.t.verbose:
			fmt.Fprint(r.t.err, clear)
			r.t.say("%s: %s in %s", s.Name, s.Summary, seconds(s.Seconds))
		case s.Done:
			fmt.Fprint(r.t.err, clear)
		case time.Since(begin) > 250*time.Millisecond:
			fmt.Fprint(r.t.err, clear+"callboard: "+s.Name+"…")
		}
	}
}

func seconds(s float64) time.Duration {
	return time.Duration(s * float64(time.Second)).Round(time.Millisecond)
}

// logger returns where the generator's details go: stderr with -v, otherwise nowhere.
func (r *root) logger() *slog.Logger {
	w, options := io.Discard, &slog.HandlerOptions{Level: slog.LevelDebug}
	if r.t.verbose {
		w = r.t.err
	}
	if r.t.json {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}
