package page

import "golang.org/x/text/unicode/norm"

// baseLetter returns the letter under a letter with marks: "E" for "É".
func baseLetter(r rune) rune {
	if r < 0x80 {
		return r
	}
	for _, base := range norm.NFD.String(string(r)) {
		return base
	}
	return r
}
