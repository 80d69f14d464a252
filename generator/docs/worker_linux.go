package docs

import "golang.org/x/sys/unix"

// workerMemory is the address space of a worker, in bytes. A Go program
// reserves far more than it uses; what a page needs is a fraction of this.
const workerMemory = 4 << 30

// limitWorker makes a page that needs too much memory end the worker instead
// of the machine.
func limitWorker() {
	_ = unix.Setrlimit(unix.RLIMIT_AS, &unix.Rlimit{Cur: workerMemory, Max: workerMemory}) // without it the time limit still holds
}
