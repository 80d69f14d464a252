package kind

import "github.com/callboard-portal/callboard/generator/entity"

var component = Kind{
	Name: "Component", Plural: "Components", APIVersions: coreVersions,
	Fields: []Field{
		fieldType, fieldLifecycle, fieldOwner, fieldSystem,
		{Name: "subcomponentOf", Type: String, Relation: &Relation{"Component", entity.PartOf, entity.HasPart}},
		{Name: "providesApis", Type: Strings, Relation: &Relation{"API", entity.ProvidesAPI, entity.APIProvidedBy}},
		{Name: "consumesApis", Type: Strings, Relation: &Relation{"API", entity.ConsumesAPI, entity.APIConsumedBy}},
		fieldDependsOn, fieldDependencyOf,
	},
}
