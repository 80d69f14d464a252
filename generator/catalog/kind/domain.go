package kind

import "github.com/callboard-portal/callboard/generator/entity"

var domain = Kind{
	Name: "Domain", Plural: "Domains", APIVersions: coreVersions,
	Fields: []Field{
		fieldOwner, fieldOptionalType,
		{Name: "subdomainOf", Type: String, Relation: &Relation{"Domain", entity.PartOf, entity.HasPart}},
	},
}
