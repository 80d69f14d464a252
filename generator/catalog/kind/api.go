package kind

var api = Kind{
	Name: "API", Plural: "APIs", APIVersions: coreVersions,
	Fields: []Field{
		fieldType, fieldLifecycle, fieldOwner, fieldSystem,
		{Name: "definition", Type: String, Required: true},
	},
	Variants: []Variant{{
		// Servers of the Model Context Protocol and of models are reached, not described.
		Types:   []string{"mcp-server", "ai-model-server"},
		Without: []string{"definition"},
		Fields: []Field{{Name: "remotes", Type: Objects, Required: true, NotEmpty: true, Fields: []Field{
			{Name: "type", Type: String, Required: true},
			{Name: "url", Type: String, Required: true, URL: true},
		}}},
	}},
}
