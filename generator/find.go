package generator

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/callboard-portal/callboard/generator/publish"
	"github.com/callboard-portal/callboard/generator/search"
)

// Search asks the index that the last build left in the state folder, with
// the ranking that the site's own search uses.
func Search(ctx context.Context, opt Options, query string, n int) (results []search.Result, err error) {
	opt = opt.WithDefaults()
	if _, err := os.Stat(searchDir(opt)); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("there is no search index in %s\nrun callboard build first", opt.StateDir)
	}
	lock, err := publish.LockState(opt.StateDir)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, lock.Unlock()) }()
	x, err := search.Open(searchDir(opt))
	if err != nil {
		return nil, err
	}
	defer x.Close()
	return x.Query(ctx, query, n)
}
