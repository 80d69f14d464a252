// Package packaging holds what runs Callboard on merge and on a schedule:
// CI files, a systemd service and timer, and a Kubernetes CronJob. They are
// embedded so that `callboard init --with` can write them.
package packaging

import "embed"

// Files holds the packaging files at their paths in this folder.
//
//go:embed github/portal.yml gitlab/portal.gitlab-ci.yml systemd/callboard.service systemd/callboard.timer kubernetes/cronjob.yaml kubernetes/Containerfile
var Files embed.FS
