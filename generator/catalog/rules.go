package catalog

import (
	"github.com/callboard-portal/callboard/generator/catalog/kind"
	"github.com/callboard-portal/callboard/generator/diag"
)

// The codes of this package's diagnostics, besides those of yamldoc.
const (
	codeNoDescriptor = "descriptor-none"
	codeEmpty        = "descriptor-empty"
	codeUnreadable   = "descriptor-unreadable"
	codeNotMapping   = "descriptor-not-mapping"
	codeNotEntity    = "descriptor-not-entity"
	codeTemplate     = "descriptor-template"
	codeUnknownField = "descriptor-unknown-field"
	codeRequired     = "descriptor-required"
	codeType         = "descriptor-type"
	codeKeyCase      = "descriptor-key-case"
	codeVersion      = "descriptor-api-version"
	codeTooMany      = "descriptor-limit-entities"

	codeKindName    = "kind-invalid"
	codeKindUnknown = "kind-unknown"
	codeNotAllowed  = "kind-not-allowed"
	codeKindSchema  = "kind-schema"

	codeName           = "metadata-name"
	codeNamespace      = "metadata-namespace"
	codeLabel          = "metadata-label"
	codeAnnotation     = "metadata-annotation"
	codeAnnotationName = "metadata-annotation-name"
	codeTag            = "metadata-tag"
	codeLink           = "metadata-link"
	codeScheme         = "url-scheme"

	codeLocationType    = "location-type"
	codeLocationDepth   = "location-limit-depth"
	codeLocationTotal   = "location-limit-files"
	codeLocationOutside = "location-outside"
	codeLocationMissing = "location-missing"
	codeLocationUnknown = "location-unknown-repository"

	codeIncludeSyntax  = "include-invalid"
	codeIncludeMissing = "include-missing"
	codeIncludeOutside = "include-outside"
	codeIncludeSize    = "include-limit-bytes"
	codeIncludeHost    = "include-host"
	codeIncludeFailed  = "include-failed"
	codeBundle         = "include-reference"

	codeCodeowners = "codeowners-invalid"
	codeDuplicate  = "entity-duplicate"
	codeNameCase   = "entity-name-case"

	codeRefInvalid    = "ref-invalid"
	codeRefNoKind     = "ref-no-kind"
	codeRefDangling   = "ref-dangling"
	codeRefKind       = "ref-kind"
	codeOwnerDangling = "owner-dangling"
	codeOwnerKind     = "owner-kind"
	codeCycle         = "relation-cycle"
	codeParents       = "group-parents"
)

// PortalOnly lists the codes that say nothing about a repository checked by
// itself: what it refers to may be declared elsewhere in the portal.
var PortalOnly = []string{codeRefDangling, codeOwnerDangling}

// Rules describes every code this package emits, besides those of yamldoc.
var Rules = []diag.Rule{
	{
		Code: codeNoDescriptor, Severity: diag.Warning,
		Summary: "a source has no catalog descriptor",
		Explain: "Nothing in the repository matches the source's `descriptors` globs, so it adds nothing to the catalog. Add a " +
			"`catalog-info.yaml` at its root, or say where the descriptors are:\n\n" +
			"```yaml\nsources:\n  - git: https://git.example.com/payments.git\n    descriptors: [\"deploy/catalog/*.yaml\"]\n```",
	},
	{
		Code: codeEmpty, Severity: diag.Info,
		Summary: "a descriptor file has nothing in it",
		Explain: "The file is empty, or holds only comments and empty documents. A minimal descriptor is:\n\n" +
			"```yaml\napiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: ledger\nspec:\n  type: service\n  lifecycle: production\n  owner: payments\n```",
	},
	{
		Code: codeUnreadable, Severity: diag.Error,
		Summary: "a descriptor file cannot be read",
		Explain: "The file is there but reading it failed; the message says how. Nothing in it is used.",
	},
	{
		Code: codeNotMapping, Severity: diag.Error,
		Summary: "a document is a list or a single value",
		Explain: "A descriptor is a mapping with `apiVersion`, `kind`, `metadata` and `spec`. To put several into one file, separate them by `---`, not in a list.",
	},
	{
		Code: codeNotEntity, Severity: diag.Error,
		Summary: "a document has no kind",
		Explain: "Without `kind` it is not known what is declared, so there is no entity. If the file is something else that a glob caught, leave it out with the source's `descriptors`.",
	},
	{
		Code: codeTemplate, Severity: diag.Info,
		Summary: "a file is a template that a scaffolder fills in",
		Explain: "The document has placeholders such as `${{ values.name }}` where a descriptor has values, and is passed over. Leave such files out with the source's `descriptors` globs.",
	},
	{
		Code: codeUnknownField, Severity: diag.Error,
		Summary: "a descriptor has a field at its root that has no meaning",
		Explain: "Only `apiVersion`, `kind`, `metadata` and `spec` stand there; the field is ignored. Often something of `spec` is not indented:\n\n" +
			"```yaml\nkind: Component\nspec:\n  type: service\nowner: payments   # wrong: it belongs into spec\n```",
	},
	{
		Code: codeRequired, Severity: diag.Error,
		Summary: "a descriptor lacks a field that every entity needs",
		Explain: "Every entity has `apiVersion`, `kind` and `metadata.name`. Without a kind or a name there is no entity at all.\n\n" +
			"```yaml\napiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: ledger\n```",
	},
	{
		Code: codeType, Severity: diag.Error,
		Summary: "a field of a descriptor is of the wrong type",
		Explain: "YAML reads `2001` as a number and `true` as a boolean. Where text is wanted, put it in quotes:\n\n```yaml\nname: 2001     # wrong\nname: \"2001\"   # right\n```",
	},
	{
		Code: codeKeyCase, Severity: diag.Error,
		Summary: "two keys differ only in case",
		Explain: "Filters do not tell `spec.Owner` from `spec.owner`. Rename or remove one of them.",
	},
	{
		Code: codeVersion, Severity: diag.Error,
		Summary: "an apiVersion is not one of the kind's",
		Explain: "Most kinds have `backstage.io/v1alpha1`, templates `scaffolder.backstage.io/v1beta3`. The entity is kept and read as if it were right.",
	},
	{
		Code: codeTooMany, Severity: diag.Error,
		Summary: "a source declares too many entities",
		Explain: "A source may declare 500 entities, so that a mistake in one repository cannot flood the portal. What is beyond is left out. " +
			"Where one repository holds the whole organization, raise the limit in `callboard.yaml`:\n\n```yaml\ncatalog:\n  maxEntities: 5000\n```",
	},
	{
		Code: codeKindName, Severity: diag.Error,
		Summary: "a kind is misspelled",
		Explain: "Kinds are written as in `Component`, `API`, `System`: with this very case. The entity is kept under the right kind where only the case is wrong.\n\n```yaml\nkind: component   # wrong\nkind: Component   # right\n```",
	},
	{
		Code: codeKindUnknown, Severity: diag.Warning,
		Summary: "a kind is neither built in nor declared",
		Explain: "The entity is kept, with its owner and system, but its other fields are not checked and lead nowhere. Declare the kind in callboard.yaml:\n\n" +
			"```yaml\nkinds:\n  - kind: Cluster\n    relations:\n      - {field: spec.region, defaultKind: Resource, forward: locatedIn, reverse: locationOf}\n```",
	},
	{
		Code: codeNotAllowed, Severity: diag.Error,
		Summary: "a source may not declare entities of this kind",
		Explain: "`catalog.rules` in callboard.yaml say which sources may declare which kinds; no rule allows this one. The entity is left out.\n\n" +
			"```yaml\ncatalog:\n  rules:\n    - allow: [Component, API, System, Resource]\n    - allow: [User, Group]\n      sources: [org]\n```",
	},
	{
		Code: codeKindSchema, Severity: diag.Error,
		Summary: "a declared kind cannot be used",
		Explain: "The JSON Schema of a kind in callboard.yaml is not valid, or the kind is built in. Schemas may not refer to other files.",
	},
	{
		Code: codeName, Severity: diag.Error,
		Summary: "a name has characters that a name may not have",
		Explain: "Names are part of addresses: letters, digits, and `-` `_` `.` between them, at most 63. The entity is left out. Use `title` for a name with spaces:\n\n" +
			"```yaml\nmetadata:\n  name: payment-ledger\n  title: Payment Ledger\n```",
	},
	{
		Code: codeNamespace, Severity: diag.Error,
		Summary: "a namespace has characters that a namespace may not have",
		Explain: "A namespace has lower case letters, digits, and `-` between them, at most 63. One that only has capitals is read in lower case; any other mistake leaves the entity out.",
	},
	{
		Code: codeLabel, Severity: diag.Error,
		Summary: "a label is malformed",
		Explain: "A label's key is `name` or `domain/name`, its value empty or like a name. Anything longer belongs into an annotation.\n\n```yaml\nlabels:\n  example.com/tier: gold\n```",
	},
	{
		Code: codeAnnotation, Severity: diag.Error,
		Summary: "an annotation is malformed",
		Explain: "An annotation's key is `name` or `domain/name`, its value text. Put numbers and booleans in quotes:\n\n```yaml\nannotations:\n  backstage.io/orphan: true     # wrong\n  backstage.io/orphan: \"true\"   # right\n```",
	},
	{
		Code: codeAnnotationName, Severity: diag.Warning,
		Summary: "an annotation's name is nearly one that has a meaning",
		Explain: "Names that begin with `backstage.io/` are fixed; this one does nothing, but another differs from it by a letter or two.\n\n" +
			"```yaml\nannotations:\n  backstage.io/techdoc-ref: dir:.    # wrong\n  backstage.io/techdocs-ref: dir:.   # right\n```",
	},
	{
		Code: codeTag, Severity: diag.Error,
		Summary: "a tag is malformed",
		Explain: "Tags are lower case letters, digits, `:` `+` `#`, joined by `-`, at most 63. The tag is left out.\n\n```yaml\ntags: [Java, \"go 1.26\"]   # wrong\ntags: [java, go-1-26]     # right\n```",
	},
	{
		Code: codeLink, Severity: diag.Error,
		Summary: "a link is malformed",
		Explain: "A link needs an absolute `url`; `title`, `icon` and `type` may follow. A link without a usable address is left out.\n\n```yaml\nlinks:\n  - url: https://wiki.example.com/ledger\n    title: Runbook\n    icon: docs\n```",
	},
	{
		Code: codeScheme, Severity: diag.Error,
		Summary: "an address has a scheme that is not shown",
		Explain: "Only `http`, `https` and `mailto` addresses become links, so that no page runs what a descriptor says (`javascript:`, `data:` …). The address is left out.",
	},
	{
		Code: kind.CodeRequired, Severity: diag.Error,
		Summary: "an entity lacks a field that its kind needs",
		Explain: "The entity is kept and its page says so. A Component, for example, needs three fields:\n\n```yaml\nspec:\n  type: service\n  lifecycle: production\n  owner: payments\n```",
	},
	{
		Code: kind.CodeType, Severity: diag.Error,
		Summary: "a field of spec is of the wrong type",
		Explain: "The entity is kept; the message says what is wanted. A common one is a single value where a list belongs:\n\n```yaml\nprovidesApis: ledger-api     # wrong\nprovidesApis: [ledger-api]   # right\n```",
	},
	{
		Code: kind.CodeValue, Severity: diag.Error,
		Summary: "a field of spec has a value without meaning",
		Explain: "The message lists the values that mean something.\n\n```yaml\nkind: Location\nspec:\n  presence: maybe      # wrong\n  presence: optional   # right\n```",
	},
	{
		Code: kind.CodeSchema, Severity: diag.Error,
		Summary: "an entity does not fit the schema of its kind",
		Explain: "The kind is declared in callboard.yaml with a JSON Schema. The entity is kept and its page says what is wrong.",
	},
	{
		Code: codeLocationType, Severity: diag.Error,
		Summary: "a Location has a type that is not followed",
		Explain: "Only `url` and `file` are. Discovery of repositories is configured in callboard.yaml:\n\n```yaml\nsources:\n  - github: {organization: acme}\n```",
	},
	{
		Code: codeLocationDepth, Severity: diag.Error,
		Summary: "Locations lead to Locations too many times",
		Explain: "Five steps are followed. Let an outer Location list the target directly.",
	},
	{
		Code: codeLocationTotal, Severity: diag.Error,
		Summary: "a source's Locations lead to too many files",
		Explain: "1,000 files are read that way for each source; the rest is left out. Use the source's `descriptors` globs, or several sources.",
	},
	{
		Code: codeLocationOutside, Severity: diag.Error,
		Summary: "a Location's target is outside the repository",
		Explain: "Relative targets start from the Location's file, and those that begin with `/` from the root of the repository. For another repository use its web address.",
	},
	{
		Code: codeLocationMissing, Severity: diag.Error,
		Summary: "a Location's target does not exist",
		Explain: "The other targets are read all the same. Where a file may be absent, say so:\n\n```yaml\nspec:\n  presence: optional\n  targets: [./extra/*.yaml]\n```",
	},
	{
		Code: codeLocationUnknown, Severity: diag.Error,
		Summary: "a Location's target is in a repository that the portal does not read",
		Explain: "Only repositories that callboard.yaml lists are read. Add it to `sources`; the target is then found at the commit shown.",
	},
	{
		Code: codeIncludeSyntax, Severity: diag.Error,
		Summary: "an included file cannot be used",
		Explain: "`$json` and `$yaml` need a file with exactly one document, `$openapi` and `$asyncapi` one that parses, `$text` UTF-8. The field is left out and the entity kept.",
	},
	{
		Code: codeIncludeMissing, Severity: diag.Error,
		Summary: "a file to be included does not exist",
		Explain: "The field is left out and the entity kept. Paths start from the descriptor's folder, or with `/` from the root of the repository.\n\n```yaml\ndefinition:\n  $text: ./openapi.yaml\n```",
	},
	{
		Code: codeIncludeOutside, Severity: diag.Error,
		Summary: "a file to be included is outside the repository",
		Explain: "Only files of the same repository, of other repositories of the portal by their web address, and of hosts that callboard.yaml allows are included.",
	},
	{
		Code: codeIncludeSize, Severity: diag.Error,
		Summary: "an included file is too large",
		Explain: "Included files may have 5 MiB, and those of one source 64 MiB together. The field is left out and the entity kept.",
	},
	{
		Code: codeIncludeHost, Severity: diag.Error,
		Summary: "an address to be included is on a host that may not be read from",
		Explain: "Descriptors are written by many, so the portal reads only from hosts that its operator lists, and from repositories it has anyway. Add the repository to `sources`, or the host:\n\n" +
			"```yaml\ncatalog:\n  reading:\n    allow: [specs.example.com]\n```",
	},
	{
		Code: codeIncludeFailed, Severity: diag.Error,
		Summary: "an address to be included could not be read",
		Explain: "The field is left out and the entity kept. In a run without network (`--offline`) nothing is fetched.",
	},
	{
		Code: codeBundle, Severity: diag.Warning,
		Summary: "a $ref in an API definition leads nowhere",
		Explain: "`$openapi` and `$asyncapi` join a definition that is spread over files. This reference was left as it is.",
	},
	{
		Code: codeCodeowners, Severity: diag.Warning,
		Summary: "a line of CODEOWNERS is not understood",
		Explain: "The other lines count. A line has a pattern and owners: `/docs/ @acme/writers`.",
	},
	{
		Code: codeDuplicate, Severity: diag.Error,
		Summary: "an entity is declared twice",
		Explain: "Kind, namespace and name together identify an entity. The declaration in the source that comes first in callboard.yaml counts; " +
			"within one, the first path. Both places are shown. Rename or remove one.",
	},
	{
		Code: codeNameCase, Severity: diag.Error,
		Summary: "two names differ only in case",
		Explain: "Names are compared without regard to case, so both mean one entity. Rename or remove one.",
	},
	{
		Code: codeRefInvalid, Severity: diag.Error,
		Summary: "a reference to an entity is malformed",
		Explain: "A reference is `[kind:][namespace/]name`, such as `ledger`, `component:ledger` or `resource:payments/orders-db`. It is ignored.",
	},
	{
		Code: codeRefNoKind, Severity: diag.Error,
		Summary: "a reference does not say of what kind the entity is",
		Explain: "`dependsOn` and `dependencyOf` may name entities of any kind, so the kind must be written:\n\n```yaml\ndependsOn: [orders-db]             # wrong\ndependsOn: [\"resource:orders-db\"]  # right\n```",
	},
	{
		Code: codeRefDangling, Severity: diag.Warning,
		Summary: "a reference names an entity that is not in the catalog",
		Explain: "The relation is kept and shown as broken. Declare the entity, add its repository to the sources, or mend the name. A name without namespace means the namespace of the entity that names it.",
	},
	{
		Code: codeRefKind, Severity: diag.Warning,
		Summary: "a reference names an entity of an unexpected kind",
		Explain: "The relation is kept. `system` should name a System, `providesApis` an API, `memberOf` a Group.",
	},
	{
		Code: codeOwnerDangling, Severity: diag.Warning,
		Summary: "an owner is not in the catalog",
		Explain: "Nobody is shown as owner. Declare the group or user, or mend the name. `owner: payments` means the group; write `user:ada` for a person.",
	},
	{
		Code: codeOwnerKind, Severity: diag.Warning,
		Summary: "an owner is neither a group nor a user",
		Explain: "Only groups and users can be asked. Name the group that is responsible.",
	},
	{
		Code: codeParents, Severity: diag.Warning,
		Summary: "a group has several parents",
		Explain: "Each parent shows the group below it, but a team belongs to one place. Either two groups list it among their `children`, or its own `parent` says something else.",
	},
	{
		Code: codeCycle, Severity: diag.Error,
		Summary: "a hierarchy leads back to where it began",
		Explain: "A group is its own ancestor, or a component, system or domain a part of itself. The relations are kept; pages cut the circle. Remove one of the parents shown.",
	},
}
