package kind

import "github.com/callboard-portal/callboard/generator/entity"

var user = Kind{
	Name: "User", Plural: "Users", APIVersions: coreVersions,
	Fields: []Field{
		fieldProfile,
		{Name: "memberOf", Type: Strings, Required: true, Relation: &Relation{"Group", entity.MemberOf, entity.HasMember}},
	},
}
