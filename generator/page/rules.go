package page

import "github.com/callboard-portal/callboard/generator/diag"

// Rules describes the diagnostics of this package.
var Rules = []diag.Rule{
	{
		Code:     "page-url-collision",
		Severity: diag.Error,
		Summary:  "two things want the same address in the portal",
		Explain: `Every entity, documentation page and file has one address, and addresses that
differ only in case count as the same, because some disks and hosts do not tell
them apart. The first one keeps the address; the other is left out.

Rename one of the two. A typical pair is ` + "`docs/Install.md` and `docs/install.md`" + `,
or a page of the portal's own content named like one of the portal's pages, such
as ` + "`content/catalog.md`" + `.
`,
	},
	{
		Code:     "page-redirect-shadowed",
		Severity: diag.Warning,
		Summary:  "a redirect leads away from an address that has a page",
		Explain: `A redirect was declared for an address at which there is a page. The page is
shown and the redirect does nothing. For example, with

` + "```yaml" + `
plugins:
  - redirects:
      redirect_maps:
        install.md: guide/install.md
` + "```" + `

there must be no ` + "`docs/install.md`" + ` any more. Remove the page or the redirect.
`,
	},
}
