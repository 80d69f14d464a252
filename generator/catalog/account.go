package catalog

// Account says what became of every descriptor file found, so that nothing
// is passed over in silence.
type Account struct {
	// Files are in the order of sources and paths.
	Files []File
	// The sums over Files.
	Documents, Entities, Empty, Rejected int
}

// File is the account of one descriptor file: Documents is Entities + Empty + Rejected.
type File struct {
	Source, Path string
	// Documents counts what the file holds, Entities those that are in the
	// catalog or lost to a duplicate, Empty those without content, Rejected
	// those that only a diagnostic speaks of.
	Documents, Entities, Empty, Rejected int
	// Unreadable says that the file was found but could not be read as text at all.
	Unreadable bool
}

func (a *Account) sum() {
	for _, f := range a.Files {
		a.Documents += f.Documents
		a.Entities += f.Entities
		a.Empty += f.Empty
		a.Rejected += f.Rejected
	}
}
