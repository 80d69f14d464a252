package config

import "github.com/callboard-portal/callboard/generator/diag"

// The codes of this package's diagnostics.
const (
	codeUnknownKey = "config-unknown-key"
	codeNotYet     = "config-not-yet"
	codeType       = "config-type"
	codeValue      = "config-value"
	codeRequired   = "config-required"
	codeVariable   = "config-variable"
	codeUnset      = "config-variable-unset"
	codeSecret     = "config-secret"
	codeSource     = "config-source"
	codeDuplicate  = "config-duplicate"
	codeFile       = "config-file"
)

// Rules describes every code this package emits, besides those of yamldoc.
var Rules = []diag.Rule{
	{
		Code: codeUnknownKey, Severity: diag.Error,
		Summary: "callboard.yaml or brand.yaml has a key that has no meaning",
		Explain: "The key is ignored, which is rarely what its author wanted; usually it is misspelled or stands at the wrong " +
			"level. `callboard list schema` prints a JSON Schema that editors use to complete keys.\n\n" +
			"```yaml\nportal:\n  titel: Acme    # wrong\n  title: Acme    # right\n```",
	},
	{
		Code: codeNotYet, Severity: diag.Warning,
		Summary: "a key belongs to a later version of Callboard",
		Explain: "The key is known but nothing uses it yet; it is ignored and the portal is built without it. Nothing needs mending.",
	},
	{
		Code: codeType, Severity: diag.Error,
		Summary: "a value is of the wrong type",
		Explain: "A list stands where a single value should, or the other way round. The default is used instead.\n\n" +
			"```yaml\nsources: {git: https://example.com/a.git}     # wrong\nsources: [{git: https://example.com/a.git}]   # right\n```",
	},
	{
		Code: codeValue, Severity: diag.Error,
		Summary: "a value has the wrong form",
		Explain: "The message says which form is wanted. The default is used instead.\n\n" +
			"```yaml\nhistory: some     # wrong\nhistory: 500      # right\naccent: blue      # wrong\naccent: \"#2f5ea8\" # right; in quotes, since # begins a comment\n```",
	},
	{
		Code: codeRequired, Severity: diag.Error,
		Summary: "a key is missing",
		Explain: "The section makes no sense without it:\n\n```yaml\nkinds:\n  - plural: Clusters   # wrong: kind is missing\n```",
	},
	{
		Code: codeVariable, Severity: diag.Error,
		Summary: "a ${VARIABLE} is malformed",
		Explain: "Write `${NAME}` or `${NAME:-default}`. For the characters `${` themselves write `$${`.",
	},
	{
		Code: codeUnset, Severity: diag.Error,
		Summary: "a ${VARIABLE} is not set in the environment",
		Explain: "The value counts as absent. Set the variable where Callboard runs, or give a default: `${NAME:-default}`.",
	},
	{
		Code: codeSecret, Severity: diag.Warning,
		Summary: "a secret is written into the file",
		Explain: "Files are committed, copied and shown. Put the secret into an environment variable:\n\n" +
			"```yaml\nauth: {token: ghp_abc123}        # wrong\nauth: {token: \"${GIT_TOKEN}\"}    # right\n```",
	},
	{
		Code: codeSource, Severity: diag.Error,
		Summary: "a source's settings do not fit together",
		Explain: "Each entry of `sources` is in exactly one place (`git`, `directory`, `file`, `github` or `gitlab`), and has one way to prove who it is.\n\n" +
			"```yaml\nsources:\n  - git: https://git.example.com/payments/checkout.git\n    auth: {token: \"${GIT_TOKEN}\"}\n  - directory: ../repos/*\n```",
	},
	{
		Code: codeDuplicate, Severity: diag.Error,
		Summary: "a name is used twice",
		Explain: "Names of sources and of custom kinds must differ in more than case. Both places are shown.",
	},
	{
		Code: codeFile, Severity: diag.Error,
		Summary: "a file that the configuration names cannot be read",
		Explain: "Paths are relative to the file that names them. The portal is built without the file.",
	},
}
