package kind

var resource = Kind{
	Name: "Resource", Plural: "Resources", APIVersions: coreVersions,
	Fields: []Field{fieldType, fieldOwner, fieldSystem, fieldDependsOn, fieldDependencyOf},
}
