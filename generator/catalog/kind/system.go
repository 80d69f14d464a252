package kind

import "github.com/callboard-portal/callboard/generator/entity"

var system = Kind{
	Name: "System", Plural: "Systems", APIVersions: coreVersions,
	Fields: []Field{
		fieldOwner, fieldOptionalType,
		{Name: "domain", Type: String, Relation: &Relation{"Domain", entity.PartOf, entity.HasPart}},
	},
}
