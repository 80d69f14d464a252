package docs_test

import (
	"context"
	"testing"

	"github.com/callboard-portal/callboard/generator/checkout/checkouttest"
	"github.com/callboard-portal/callboard/generator/docs"
)

// The portal has a start page of its own, so its folder may hold anything or nothing.
func TestAPortalNeedsNoPagesOfItsOwn(t *testing.T) {
	for name, archive := range map[string]string{"empty": "", "only an image": "-- logo.svg --\n<svg/>\n", "no index": "-- help.md --\n# Help\n"} {
		site, found, err := docs.Folder(context.Background(), checkouttest.Txtar("portal", archive), ".", "Portal", docs.Options{Jobs: 1})
		if err != nil || site == nil || len(found) > 0 {
			t.Errorf("%s: %v, %v", name, found, err)
		}
	}
}
