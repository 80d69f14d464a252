package catalog

import (
	"fmt"

	"github.com/callboard-portal/callboard/generator/diag"
)

// resolveDuplicates keeps one draft per ref: the one whose source comes first
// in callboard.yaml, then by source name, path and document. The others are
// reported with both places, and their own diagnostics stay.
func (l *loader) resolveDuplicates() []*draft {
	winners := make(map[string]*draft, len(l.drafts))
	var out []*draft
	for _, d := range l.drafts { // in that order already
		key := d.entity.Ref().Key()
		first, taken := winners[key]
		if !taken {
			winners[key] = d
			out = append(out, d)
			continue
		}
		reportDuplicate(first, d)
		d.settle()
		l.ds = append(l.ds, d.ds...)
	}
	return out
}

func reportDuplicate(first, second *draft) {
	ref := first.entity.Ref()
	problem := diag.Diagnostic{
		Code: codeDuplicate, Severity: diag.Error, Field: "metadata.name",
		Pos: second.pos("metadata.name"), Related: []diag.Pos{first.pos("metadata.name")},
		Message: fmt.Sprintf("%s is declared twice; the one at %s counts", ref, first.pos("metadata.name")),
		Hint:    "rename or remove one of them; the source listed first in callboard.yaml wins",
	}
	if first.entity.Metadata.Name != second.entity.Metadata.Name {
		problem.Code = codeNameCase
		problem.Message = fmt.Sprintf("%q differs from %q at %s only in case, so they are one entity; the latter counts",
			second.entity.Metadata.Name, first.entity.Metadata.Name, first.pos("metadata.name"))
	}
	first.ds.Add(problem)
}
