package publish

import (
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// Real disks of growing sizes, each too small at another place. Mounting them
// needs rights that a test seldom has; without them the faults of
// TestFailureAtEveryStepLeavesTheSiteWhole have to do.
func TestFullDiskLeavesTheSiteWhole(t *testing.T) {
	big := small().with(func(p *portal) {
		for i := range 20 {
			p.pages[fmt.Sprintf("/big/%d/", i)] = strings.Repeat("x", 10_000)
		}
	})
	changed := big.with(func(p *portal) {
		for i := range 20 {
			p.pages[fmt.Sprintf("/big/%d/", i)] = strings.Repeat("y", 10_000)
		}
	})
	failed, built := 0, 0
	for kib := 64; kib <= 1024; kib += 48 {
		root := t.TempDir()
		if err := syscall.Mount("tmpfs", root, "tmpfs", 0, fmt.Sprintf("size=%dk", kib)); err != nil {
			t.Skipf("no small disk to fill: mount: %v", err)
		}
		b := &bench{dir: filepath.Join(root, "public"), state: filepath.Join(root, "state")}
		b.disk.hold = 1
		for i, p := range []portal{small(), big, changed, small()} {
			_, err := b.release(t.Context(), p)
			switch {
			case err == nil:
				built++
				b.mustServe(t, p)
			case !errors.Is(err, syscall.ENOSPC):
				t.Errorf("%d KiB, release %d: %v", kib, i, err)
			default:
				failed++
				if got := readTree(t, b.dir); !maps.Equal(got, small().want()) && !maps.Equal(got, big.want()) {
					t.Errorf("%d KiB, release %d: a disk that is full serves %d files that are neither site", kib, i, len(got))
				}
			}
		}
		if err := syscall.Unmount(root, 0); err != nil {
			t.Fatal(err)
		}
	}
	if failed == 0 || built == 0 {
		t.Errorf("%d releases built, %d failed: the sizes are badly chosen", built, failed)
	}
}
