//go:build !race

package source

// underRace says that the race detector is on.
const underRace = false
