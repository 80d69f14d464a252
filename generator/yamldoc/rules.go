package yamldoc

import "github.com/callboard-portal/callboard/generator/diag"

// The codes of this package's diagnostics.
const (
	codeSyntax       = "yaml-syntax"
	codeEncoding     = "yaml-encoding"
	codeDuplicateKey = "yaml-duplicate-key"
	codeMergeKey     = "yaml-merge-key"
	codeKey          = "yaml-key"
	codeTag          = "yaml-tag"
	codeBytes        = "yaml-limit-bytes"
	codeDocuments    = "yaml-limit-documents"
	codeDepth        = "yaml-limit-depth"
	codeNodes        = "yaml-limit-nodes"
	codeKeys         = "yaml-limit-keys"
	codeAliases      = "yaml-limit-aliases"
	codeScalar       = "yaml-limit-scalar"
	codeAliasCycle   = "yaml-alias-cycle"
)

// Rules describes every code this package emits.
var Rules = []diag.Rule{
	{
		Code: codeSyntax, Severity: diag.Error,
		Summary: "a YAML document cannot be parsed",
		Explain: "The document is left out; the other documents of the file are read. The position is the first line " +
			"that cannot continue what stands above it. Common causes are a tab used for indentation, a value with " +
			"a colon that is not in quotes, and a quote that is never closed:\n\n" +
			"```yaml\ndescription: Payments: the ledger     # wrong\ndescription: \"Payments: the ledger\"   # right\n```",
	},
	{
		Code: codeEncoding, Severity: diag.Error,
		Summary: "a file is not UTF-8 text",
		Explain: "Only UTF-8 is read, with or without a byte order mark. Nothing in the file is used. Save it as UTF-8.",
	},
	{
		Code: codeDuplicateKey, Severity: diag.Error,
		Summary: "a key appears twice in one mapping",
		Explain: "YAML forbids it. The first value counts; both places are shown. Remove one:\n\n" +
			"```yaml\nspec:\n  owner: payments\n  owner: checkout   # remove this or the line above\n```",
	},
	{
		Code: codeMergeKey, Severity: diag.Error,
		Summary: "a merge key (<<) is used",
		Explain: "Merge keys are a YAML 1.1 extension that YAML 1.2 dropped. They are not followed. Write the values out.",
	},
	{
		Code: codeKey, Severity: diag.Warning,
		Summary: "a key is not plain text",
		Explain: "A list, mapping or alias stands where a key should be; the entry is left out. It happens when a value " +
			"with braces is not in quotes:\n\n```yaml\nname: {{ name }}     # wrong\nname: \"{{ name }}\"   # right\n```",
	},
	{
		Code: codeTag, Severity: diag.Warning,
		Summary: "an unknown YAML tag is ignored",
		Explain: "Only the tags of YAML's core schema have a meaning (`!!str`, `!!int`, `!!float`, `!!bool`, `!!null`, `!!map`, " +
			"`!!seq`). Others, such as `!!binary` or `!!python/name:x`, are ignored: the value counts as plain text. Remove the tag.",
	},
	{
		Code: codeBytes, Severity: diag.Error,
		Summary: "a file is too large",
		Explain: "Nothing in the file is used. A descriptor may have 256 KiB. Split the file, or move long values such as " +
			"API definitions into files of their own and include them:\n\n```yaml\ndefinition:\n  $text: ./openapi.yaml\n```",
	},
	{
		Code: codeDocuments, Severity: diag.Error,
		Summary: "a file holds too many documents",
		Explain: "The first 100 documents are read, the rest is left out. Spread them over several files.",
	},
	{
		Code: codeDepth, Severity: diag.Error,
		Summary: "a document is nested too deeply",
		Explain: "The document is left out. 32 levels are enough for anything written by hand.",
	},
	{
		Code: codeNodes, Severity: diag.Error,
		Summary: "a document holds too many values",
		Explain: "The document is left out. It may hold 20,000 values, counted after aliases are expanded. Split it.",
	},
	{
		Code: codeKeys, Severity: diag.Error,
		Summary: "a mapping holds too many keys",
		Explain: "The document is left out. A mapping may have 2,000 keys.",
	},
	{
		Code: codeAliases, Severity: diag.Error,
		Summary: "a document holds too many aliases",
		Explain: "The document is left out. 100 uses of aliases (`*name`), counted after expansion, are allowed. Write the values out.",
	},
	{
		Code: codeScalar, Severity: diag.Error,
		Summary: "a value is too long",
		Explain: "The document is left out. One value may have 64 KiB, except an API's definition. Move the text into a file and include it with `$text`.",
	},
	{
		Code: codeAliasCycle, Severity: diag.Error,
		Summary: "an alias refers to the value it stands in",
		Explain: "The document is left out, since it could never be read to its end:\n\n```yaml\nspec: &spec\n  children: [*spec]   # wrong\n```",
	},
}
