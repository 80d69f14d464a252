package arithmatex_test

import (
	"testing"

	"github.com/callboard-portal/callboard/generator/docs/ext/exttest"
)

func TestCorpus(t *testing.T) { exttest.Run(t, "testdata/corpus.txt") }
