package remote

import "github.com/callboard-portal/callboard/generator/diag"

// codeStale is the code of this package's diagnostic.
const codeStale = "remote-stale"

// Rules describes every code this package emits. An address that cannot be
// read and has no earlier copy is the catalog's to report.
var Rules = []diag.Rule{
	{
		Code: codeStale, Severity: diag.Warning,
		Summary: "an included address does not answer, and an older copy is shown",
		Explain: "`$text`, `$json`, `$yaml`, `$openapi` and `$asyncapi` may read from the hosts listed under\n" +
			"`catalog.reading.allow`. This time the host did not answer, or answered with an error of its own\n" +
			"(429 or 5xx), so the copy that an earlier build kept in the state folder is used. An address that\n" +
			"is gone (404) is not shown from a copy.\n\n" +
			"```yaml\nspec:\n  definition:\n    $text: https://api.example.com/openapi.yaml\n```",
	},
}
