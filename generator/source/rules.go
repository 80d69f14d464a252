package source

import "github.com/callboard-portal/callboard/generator/diag"

// Rules are the diagnostics this package can emit.
var Rules = []diag.Rule{
	{Code: "source-invalid", Severity: diag.Error,
		Summary: "An entry of sources: cannot be used as it stands.",
		Explain: "Each entry has exactly one of `git`, `directory`, `file`, `github` and `gitlab`. A clone URL uses https, http or ssh " +
			"(`git@host:owner/name.git` is ssh), or is the path of a repository on this machine. Other schemes, a leading `-` and control " +
			"characters are refused, because such URLs are a known way to run commands.\n\n```yaml\nsources:\n  - git: https://git.example.com/payments/checkout.git\n  - directory: ../repos/*\n```"},
	{Code: "source-missing", Severity: diag.Error,
		Summary: "The file or folder of a source does not exist.",
		Explain: "The path of a `directory:`, `file:` or local `git:` source leads nowhere, or is of the wrong kind. Relative paths start from " +
			"the folder of callboard.yaml. The source is left out of the portal."},
	{Code: "source-empty", Severity: diag.Warning,
		Summary: "A directory glob matches no folder.",
		Explain: "`directory: ../repos/*` found no folder. Folders whose name begins with a dot are matched only by a pattern that spells the dot. " +
			"`**` matches any number of folders: `../repos/**/service-*`."},
	{Code: "source-duplicate", Severity: diag.Info,
		Summary: "The same repository or folder is listed twice.",
		Explain: "Two entries of `sources:` lead to the same folder, or to the same clone URL and ref. The first one counts and the other is ignored, " +
			"with its own `descriptors` and `auth`. Remove one of them, or give them different refs."},
	{Code: "source-failed", Severity: diag.Error,
		Summary: "A source could not be read and has no earlier content to show.",
		Explain: "The remote did not answer, refused the credentials, has no such repository or ref, or sent more than the limits allow — and no earlier " +
			"build has kept a good commit. The rest of the portal is built without it. The message says what happened; `callboard sync` tries again."},
	{Code: "source-stale", Severity: diag.Warning,
		Summary: "A source could not be read; its last good commit is shown.",
		Explain: "The repository could not be read in this run, or is gone, so Callboard shows the commit it read last, marked as stale with its age. " +
			"The next successful sync replaces it."},
	{Code: "source-git-unreadable", Severity: diag.Warning,
		Summary: "A folder has a .git that cannot be read.",
		Explain: "The folder looks like a git repository, but opening it failed: it may be damaged, belong to another user, or use SHA-256 object names. " +
			"Its files are shown as a plain folder, without history, branch and links."},
	{Code: "source-lock", Severity: diag.Warning,
		Summary: "The lock file in the state folder could not be read.",
		Explain: "`lock.json` records which commit of every source was good. It was damaged or written by a newer Callboard, so all remote sources are " +
			"read anew, and none can fall back to its last good commit in this run."},
	{Code: "tree-name", Severity: diag.Warning,
		Summary: "A file's name is not allowed in a portal.",
		Explain: "Names with control characters, `:` or `\\`, names that are not valid UTF-8 in NFC, names longer than 255 bytes, paths longer than " +
			"1,024 bytes, and spellings of `.git` are left out: they are unsafe or cannot exist on other systems. Rename the file."},
	{Code: "tree-duplicate", Severity: diag.Warning,
		Summary: "A git tree lists the same name twice.",
		Explain: "Git itself never writes such trees; they are used to attack tools that read repositories. Everything of that name is left out. " +
			"`git fsck` shows the tree."},
	{Code: "tree-collision", Severity: diag.Warning,
		Summary: "Two names in a folder differ only in case.",
		Explain: "`README.md` and `readme.md` cannot both exist on Windows and macOS, nor as addresses on many web hosts. The first in byte order is " +
			"shown and the other left out. Rename one of them."},
	{Code: "tree-link", Severity: diag.Info,
		Summary: "A symlink leads out of its repository, or nowhere.",
		Explain: "Symlinks are followed only inside the same repository, at the same commit, through at most five of them. This one is treated as if it " +
			"did not exist. Copy the file into the repository, or link to its web address."},
	{Code: "tree-submodule", Severity: diag.Info,
		Summary: "A git submodule is not followed.",
		Explain: "The content of submodules is not part of the repository and is never fetched. List the submodule's repository as a source of its own."},
	{Code: "tree-entries", Severity: diag.Error,
		Summary: "A source has more files than the limit.",
		Explain: "At most 50,000 files, folders and links of one source are read; the rest is left out. Point the source at a smaller folder, or split the repository."},
	{Code: "tree-depth", Severity: diag.Warning,
		Summary: "Folders are nested more than 32 deep.",
		Explain: "What lies deeper is left out of the portal. Honest repositories stay far below this; move the files up, or point the source at a folder further down."},
	{Code: "tree-lfs", Severity: diag.Warning,
		Summary: "A file is only a Git LFS pointer.",
		Explain: "The repository keeps this file in Git LFS, so the commit holds three lines of text instead of the image or document. Callboard does not " +
			"fetch from LFS servers. Commit small images directly:\n\n```\n*.png !filter !diff !merge\n```"},
	{Code: "discovery-failed", Severity: diag.Error,
		Summary: "Repositories could not be discovered and no earlier list is known.",
		Explain: "The GitHub or GitLab API could not be read: see the message for the reason, often a token without the right to list repositories " +
			"(`read:org` and `repo`, or `read_api`) or a misspelled organization or group."},
	{Code: "discovery-stale", Severity: diag.Warning,
		Summary: "Repositories could not be discovered; the last known list is used.",
		Explain: "The GitHub or GitLab API could not be read in this run. The repositories found last time are used, so new ones are missing and " +
			"deleted ones are still there."},
	{Code: "discovery-empty", Severity: diag.Warning,
		Summary: "Discovery found no repositories.",
		Explain: "The API answered, but nothing passes the filters. Where an earlier run found repositories they are kept, because an empty answer is " +
			"more often a lost permission than a company without repositories. Remove the entry to drop them."},
	{Code: "discovery-limit", Severity: diag.Warning,
		Summary: "Discovery found more repositories than the limit.",
		Explain: "At most 5,000 repositories of one entry are used, the first ones by name. Narrow the entry with `topics` or `names`."},
}
