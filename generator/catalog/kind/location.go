package kind

var location = Kind{
	Name: "Location", Plural: "Locations", APIVersions: coreVersions,
	Fields: []Field{
		fieldOptionalType,
		{Name: "target", Type: String},
		{Name: "targets", Type: Strings},
		{Name: "presence", Type: String, Enum: []string{"required", "optional"}},
	},
}
