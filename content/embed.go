// Package content holds what Callboard's own repository publishes: the demo
// organisation, a fictitious company named Stagecraft with its repositories
// and their history, embedded in the binary. It is plain data: [Demo] says
// which commits make up each repository, and generator/source writes them as
// git objects. Begin with [Demo].
//
// The manual lies beside it, in docs, with a callboard.yaml that makes a
// portal of it (make docs). It is not embedded.
package content

import "embed"

// demo is the demo organisation as it lies in this folder. Dot files belong
// to it (CODEOWNERS live in .github), hence all:.
//
//go:embed all:demo
var demo embed.FS
