package kind

import "github.com/callboard-portal/callboard/generator/entity"

// Builtin returns the kinds every portal has, in the order pages list them.
// To add one, declare it in a file of its own and name it here.
func Builtin() []*Kind {
	return []*Kind{
		&component, &api, &system, &domain, &resource, &group, &user, &location, &template, &aiResource,
	}
}

var coreVersions = []string{"backstage.io/v1alpha1", "backstage.io/v1beta1"}

// Relations that several kinds have.
var (
	ownedBy    = &Relation{"Group", entity.OwnedBy, entity.OwnerOf}
	inSystem   = &Relation{"System", entity.PartOf, entity.HasPart}
	dependsOn  = &Relation{"", entity.DependsOn, entity.DependencyOf}
	dependency = &Relation{"", entity.DependencyOf, entity.DependsOn}
)

// Fields that several kinds have.
var (
	fieldType         = Field{Name: "type", Type: String, Required: true}
	fieldOptionalType = Field{Name: "type", Type: String}
	fieldLifecycle    = Field{Name: "lifecycle", Type: String, Required: true}
	fieldOwner        = Field{Name: "owner", Type: String, Required: true, Relation: ownedBy}
	fieldSystem       = Field{Name: "system", Type: String, Relation: inSystem}
	fieldDependsOn    = Field{Name: "dependsOn", Type: Strings, Relation: dependsOn}
	fieldDependencyOf = Field{Name: "dependencyOf", Type: Strings, Relation: dependency}
	fieldProfile      = Field{Name: "profile", Type: Object, Fields: []Field{
		{Name: "displayName", Type: String},
		{Name: "email", Type: String},
		{Name: "picture", Type: String, URL: true},
	}}
)

// Unknown stands for kinds that nothing declares: whatever the kind, an owner
// is an owner and a system a system.
var Unknown = &Kind{Fields: []Field{
	{Name: "owner", Relation: ownedBy},
	{Name: "system", Relation: inSystem},
}}
