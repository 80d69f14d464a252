//go:build !race

package docs

// underRace says that the race detector is on.
const underRace = false
