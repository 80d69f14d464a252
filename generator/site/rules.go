package site

import "github.com/callboard-portal/callboard/generator/diag"

// Rules are the diagnostics that this package gives.
var Rules = []diag.Rule{
	{
		Code: "brand-contrast", Severity: diag.Info,
		Summary: "the accent color is too pale for text and was made darker",
		Explain: `Links and buttons have the accent color, so it has to be readable on the
page: WCAG 2.2 asks for a contrast of 4.5:1. A paler accent keeps its hue and
is made just dark enough; in the dark mode it is made lighter in the same way.

    accent: "#ffcc00"     # 1.5:1 on white, links become #806500

There is nothing you must do. To choose the shade yourself, write a darker
accent; to keep the color itself for decoration, write it as ` + "`accent2`" + `.`,
	},
	{
		Code: "brand-value", Severity: diag.Error,
		Summary: "a value of the brand is no color, length or font name",
		Explain: `Values of brand.yaml become part of a style sheet, so only what is certainly a
color, a length or a list of font names is taken. The theme's own value is used
instead.

    accent: "#2456c9"     # #rgb or #rrggbb
    radius: 8px           # px, rem or em
    density: compact      # or comfortable
    font: '"Source Sans 3", system-ui'`,
	},
	{
		Code: "theme-language", Severity: diag.Warning,
		Summary: "the theme has no words in the portal's language",
		Explain: `The words of the interface, such as "Search" and "Owner", are in the theme's
folder i18n, in one file for each language. The bundled theme speaks English.
What teams write stays in the language they write it in. To translate the rest,
copy the bundled i18n/en.yaml into a theme folder of your own:

    # callboard.yaml
    portal: {language: de}
    theme: our-theme        # with our-theme/i18n/de.yaml

Words that the file leaves out are English.`,
	},
	{
		Code: "theme-warning", Severity: diag.Warning,
		Summary: "Hugo warned about the theme",
		Explain: `The theme was rendered, but Hugo, which renders it, had something to say: most
often that a template function is deprecated. Such a function works for about
two years more and then becomes an error. Change the template as the message says.`,
	},
	{
		Code: "theme-word", Severity: diag.Error,
		Summary: "a template asks for something that a theme must not depend on",
		Explain: `A page is rendered again only when its own data or the theme changed, and is
given to the theme together with whichever other pages changed too. A template
that lists the other pages, asks for the time, the environment or the network,
or draws random numbers would therefore give a different site from build to build.

    {{ range site.RegularPages }}    # sees only the pages of this build

Read the page's view instead: ` + "`(site.Params.host.Page .Params.id).View`" + ` holds
every list that the page shows.`,
	},
}
