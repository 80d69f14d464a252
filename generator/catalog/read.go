package catalog

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"regexp"

	"github.com/callboard-portal/callboard/generator/diag"
	"github.com/callboard-portal/callboard/generator/yamldoc"
)

// readFile reads one descriptor file into drafts and diagnostics.
func (l *loader) readFile(ctx context.Context, r *repo, t task) {
	at := diag.Pos{Source: r.Name, File: t.path}
	account := File{Source: r.Name, Path: t.path}
	defer func() {
		// Whatever a file makes fail here, it is that file's failure alone.
		if p := recover(); p != nil {
			account.Unreadable = true
			r.ds.Add(diag.Diagnostic{
				Code: codeUnreadable, Severity: diag.Error, Pos: at,
				Message: fmt.Sprintf("%q made the reader fail: %v", t.path, p), Hint: "report this as a bug of Callboard",
			})
		}
		r.files = append(r.files, account)
	}()
	b, err := readLimited(r.FS, t.path, descriptorLimits.Bytes+1)
	if err != nil {
		account.Unreadable = true
		r.ds.Add(diag.Diagnostic{
			Code: codeUnreadable, Severity: diag.Error, Pos: at,
			Message: fmt.Sprintf("%q cannot be read: %v", t.path, err),
		})
		return
	}
	docs, whole := yamldoc.Parse(at, b, descriptorLimits)
	r.ds.Add(whole...)
	account.Unreadable = docs == nil && len(whole) > 0
	account.Documents = len(docs)
	found := len(r.ds)
	for i := range docs {
		switch l.readDocument(ctx, r, t, &docs[i]) {
		case becameEntity:
			account.Entities++
		case wasEmpty:
			account.Empty++
		case wasRejected:
			account.Rejected++
		}
	}
	if account.Entities == 0 && account.Rejected == 0 && len(r.ds) == found && len(whole) == 0 {
		r.ds.Add(diag.Diagnostic{
			Code: codeEmpty, Severity: diag.Info, Pos: diag.Pos{Source: r.Name, File: t.path, Line: 1, Column: 1},
			Message: "the file declares nothing", Hint: "describe what the repository holds, or remove the file",
		})
	}
}

type outcome uint8

const (
	wasRejected outcome = iota
	wasEmpty
	becameEntity
)

func (l *loader) readDocument(ctx context.Context, r *repo, t task, doc *yamldoc.Document) outcome {
	if doc.Empty() {
		return wasEmpty
	}
	d := newDraft(r, t, doc)
	if doc.Root == nil || !d.decode(ctx, l, doc.Root) {
		if awaitsValues(doc) {
			d.template()
		}
		r.ds.Add(d.ds...)
		return wasRejected
	}
	if r.entities >= l.opt.EntitiesPerSource {
		l.tooMany(r, d)
		return wasRejected
	}
	r.entities++
	d.complete()
	r.drafts = append(r.drafts, d)
	r.wanted = append(r.wanted, d.targets()...)
	return becameEntity
}

var (
	declaresTemplate = regexp.MustCompile(`(?m)^kind:\s*["']?Template\b`)
	namedByTemplate  = regexp.MustCompile(`\b(?:kind|name|namespace)["']?:\s*[^\n,]*(?:\{\{|\{%|<%)`)
)

// awaitsValues says whether a document that is no entity is the skeleton of
// one, which a scaffolder has yet to fill in: it cannot be parsed, or has no
// name yet. A scaffolder's own Template is no skeleton, although it is full of
// placeholders.
func awaitsValues(doc *yamldoc.Document) bool {
	switch {
	case !looksLikeTemplate(doc.Text) || declaresTemplate.MatchString(doc.Text):
		return false
	case doc.Root == nil:
		return true
	}
	return namedByTemplate.MatchString(doc.Text)
}

// template replaces what was found wrong with a document that a scaffolder
// has yet to fill in: it is no descriptor, and nobody's mistake.
func (d *draft) template() {
	d.ds = nil
	d.report(codeTemplate, diag.Info, "", "the document is a template with placeholders to fill in, not a descriptor",
		"leave it out with the source's descriptors globs")
}

func (l *loader) tooMany(r *repo, d *draft) {
	if r.over {
		return
	}
	r.over = true
	r.ds.Add(diag.Diagnostic{
		Code: codeTooMany, Severity: diag.Error, Pos: d.pos(""),
		Message: fmt.Sprintf("source %q declares more than %d entities; this one and those after it are left out", r.Name, l.opt.EntitiesPerSource),
		Hint:    "raise catalog.maxEntities in callboard.yaml, or split the source",
	})
}

// readLimited reads at most limit bytes of a file, so that a huge one cannot
// fill the memory; one byte more than is allowed shows that it is too large.
func readLimited(tree fs.FS, name string, limit int) ([]byte, error) {
	f, err := tree.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, int64(limit)))
}
