package generator

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/callboard-portal/callboard/generator/search"
)

// Search asks the index that the last build left in the state folder, with
// the ranking that the site's own search uses.
func Search(ctx context.Context, opt Options, query string, n int) ([]search.Result, error) {
	r, err := search.OpenReader(searchDir(opt))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("there is no search index in %s\nrun callboard build first", opt.StateDir)
	}
	if err != nil {
		return nil, err
	}
	return r.Query(ctx, query, n)
}
