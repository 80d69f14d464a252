package generator

import (
	"cmp"
	"slices"

	"github.com/callboard-portal/callboard/generator/catalog"
	"github.com/callboard-portal/callboard/generator/config"
	"github.com/callboard-portal/callboard/generator/diag"
	"github.com/callboard-portal/callboard/generator/docs"
	"github.com/callboard-portal/callboard/generator/page"
	"github.com/callboard-portal/callboard/generator/publish"
	"github.com/callboard-portal/callboard/generator/remote"
	"github.com/callboard-portal/callboard/generator/site"
	"github.com/callboard-portal/callboard/generator/source"
	"github.com/callboard-portal/callboard/generator/yamldoc"
)

// ownRules are the codes of this package.
var ownRules = []diag.Rule{
	{
		Code: "brand-file", Severity: diag.Warning,
		Summary: "a file that brand.yaml names cannot be used",
		Explain: "The logo, dark logo and favicon are read from paths beside `brand.yaml`. SVG files are\n" +
			"cleaned of scripts and outside references; one that is no SVG is refused. The portal is\n" +
			"built without the file.\n\n```yaml\nlogo: logo.svg\nlogoDark: logo-dark.svg\n```",
	},
}

// Rules returns the rules of every stage, sorted by code: what
// `callboard explain` and the manual's reference of codes are made of.
func Rules() []diag.Rule {
	all := slices.Concat(ownRules, config.Rules, source.Rules, yamldoc.Rules, catalog.Rules, docs.Rules, page.Rules, site.Rules, publish.Rules, remote.Rules)
	slices.SortFunc(all, func(a, b diag.Rule) int { return cmp.Compare(a.Code, b.Code) })
	return all
}
