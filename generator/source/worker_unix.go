//go:build unix

package source

import (
	"os/exec"
	"syscall"
)

// ownGroup puts a child into a process group of its own, which is killed
// whole when its context ends.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}

// killedFor reports whether a child was ended by the signal of a limit.
func killedFor(exit *exec.ExitError, what string) bool {
	status, ok := exit.Sys().(syscall.WaitStatus)
	if !ok || !status.Signaled() {
		return false
	}
	return status.Signal() == map[string]syscall.Signal{"cpu": syscall.SIGXCPU, "filesize": syscall.SIGXFSZ, "kill": syscall.SIGKILL}[what]
}
