package kind

var template = Kind{
	Name: "Template", Plural: "Templates",
	APIVersions: []string{"scaffolder.backstage.io/v1beta3", "backstage.io/v1beta2"},
	Fields: []Field{
		fieldType,
		{Name: "owner", Type: String, Relation: ownedBy},
		{Name: "system", Type: String, Relation: inSystem},
		{Name: "lifecycle", Type: String},
		{Name: "parameters", Type: ObjectOrObjects},
		{Name: "steps", Type: Objects, Required: true, Fields: []Field{
			{Name: "id", Type: String},
			{Name: "name", Type: String},
			{Name: "action", Type: String, Required: true},
		}},
		{Name: "output", Type: Object, Fields: []Field{
			{Name: "links", Type: Objects},
			{Name: "text", Type: Objects},
		}},
		{Name: "presentation", Type: Object},
	},
}
