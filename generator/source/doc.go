// Package source turns the entries of a portal's `sources:` list into
// checkouts: it lists folders, keeps bare shallow copies of
// repositories, on this machine or elsewhere, discovers repositories on GitHub and GitLab, and
// remembers in a lock file which commit of each was good. It is the only
// package that imports go-git.
//
// Start with [Sync]. A source that cannot be read never stops the others: it
// yields a diagnostic and a checkout whose State is Stale (the last good
// commit) or Failed (nothing at all).
//
// Remote repositories are hostile until proven otherwise. They are fetched by
// a child process with limits on memory, processor time and file size (see
// [RunWorker]), never checked out to disk, and read from the object store
// through a file system that validates every name and resolves symlinks only
// inside the tree.
package source
