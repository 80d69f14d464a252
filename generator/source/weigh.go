package source

import "github.com/go-git/go-git/v5/plumbing"

const maxHeavy = 32 << 20

func weigh(store string) error { return nil }

func readHeavy(store string) map[plumbing.Hash]bool { return nil }
