package kind

import "github.com/callboard-portal/callboard/generator/entity"

var group = Kind{
	Name: "Group", Plural: "Groups", APIVersions: coreVersions,
	Fields: []Field{
		fieldType, fieldProfile,
		{Name: "parent", Type: String, Relation: &Relation{"Group", entity.ChildOf, entity.ParentOf}},
		{Name: "children", Type: Strings, Required: true, Relation: &Relation{"Group", entity.ParentOf, entity.ChildOf}},
		{Name: "members", Type: Strings, Relation: &Relation{"User", entity.HasMember, entity.MemberOf}},
	},
}
