package publish

import "github.com/callboard-portal/callboard/generator/diag"

// Rules are the diagnostics that this package gives.
var Rules = []diag.Rule{{
	Code: "publish-not-atomic", Severity: diag.Info,
	Summary: "the file system cannot exchange two folders in one step",
	Explain: `The next release is written beside the served folder, and the two are then
exchanged in one step, so that a reader always finds a whole site. Linux and
macOS can do that on their usual file systems. On others Callboard renames the
old site away and the new one into its place: between the two, for about a
millisecond, there is no folder. A build that dies right then is mended by the
next one.

If that matters, publish to a folder on another file system, such as ext4, XFS,
btrfs or APFS.`,
}}

// notAtomic says that the exchange took two renames.
func notAtomic(dir string) diag.Diagnostic {
	return diag.Diagnostic{
		Code: "publish-not-atomic", Severity: diag.Info, Pos: diag.Pos{File: dir},
		Message: "the file system cannot exchange two folders in one step, so the site was missing for a moment",
		Hint:    "publish to a folder on a file system that can, such as ext4, XFS, btrfs or APFS",
	}
}
