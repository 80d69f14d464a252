//go:build !unix

package source

import "os/exec"

// ownGroup leaves the default: ending the context kills the child.
func ownGroup(*exec.Cmd) {}

// killedFor knows no signals on this system.
func killedFor(*exec.ExitError, string) bool { return false }
