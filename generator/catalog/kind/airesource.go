package kind

// aiResource is the alpha kind for skills, rules, plugins and marketplaces of
// coding assistants (Backstage 1.51 and later).
var aiResource = Kind{
	Name: "AiResource", Plural: "AI resources", APIVersions: coreVersions[:1],
	Fields: []Field{
		fieldType, fieldLifecycle, fieldOwner, fieldSystem, fieldDependsOn,
		{Name: "disciplines", Type: Strings},
	},
	Variants: []Variant{
		{Types: []string{"skill"}, Fields: []Field{
			{Name: "categories", Type: Strings},
			{Name: "agents", Type: Strings},
			{Name: "allowedTools", Type: Strings},
			{Name: "license", Type: String},
			{Name: "compatibility", Type: String},
		}},
		{Types: []string{"rule"}, Fields: []Field{
			{Name: "category", Type: String, Required: true},
			{Name: "rationale", Type: String, Required: true},
			{Name: "activation", Type: Any},
		}},
		{Types: []string{"plugin"}, Fields: []Field{
			{Name: "skills", Type: Strings, Required: true, Relation: &Relation{"AiResource", dependsOn.Forward, dependsOn.Reverse}},
			{Name: "version", Type: String},
		}},
		{Types: []string{"marketplace"}, Fields: []Field{
			{Name: "plugins", Type: Strings, Relation: &Relation{"AiResource", dependsOn.Forward, dependsOn.Reverse}},
			{Name: "version", Type: String},
		}},
	},
}
