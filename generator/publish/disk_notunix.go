//go:build !unix

package publish

// folderID is not known here, so that every build reads the served files.
func folderID(string) (string, bool) { return "", false }

// syncFolder does nothing: folders cannot be synced here.
func syncFolder(string) error { return nil }

// syncParents does nothing: folders cannot be synced here.
func syncParents(a, b string) error { return nil }
