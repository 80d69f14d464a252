package page

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/callboard-portal/callboard/generator/checkout"
	"github.com/callboard-portal/callboard/generator/entity"
)

// annotated is what turns one well-known annotation into a link.
type annotated struct {
	key, title string
	// address makes the URL of a value, or "" where the value does not have
	// the form it should have; nil where none can be made, the server being
	// unknown.
	address func(b *builder, e *entity.Entity, value string) string
}

// wellKnown are the annotations that pages give a name and where possible a
// link, sorted by key (backstage.io/docs/features/software-catalog/well-known-annotations
// and the documentation of the plug-ins that read them).
var wellKnown = []annotated{
	{"argocd/app-name", "Argo CD application", nil},
	{"backstage.io/adr-location", "Architecture decisions", nil},
	{"backstage.io/code-coverage", "Code coverage", nil},
	{"backstage.io/definition-at-location", "API definition", located},
	{"backstage.io/edit-url", "Descriptor (edit)", plain},
	{"backstage.io/kubernetes-id", "Kubernetes id", nil},
	{"backstage.io/kubernetes-label-selector", "Kubernetes labels", nil},
	{"backstage.io/kubernetes-namespace", "Kubernetes namespace", nil},
	{"backstage.io/linguist", "Languages", plain},
	{"backstage.io/managed-by-location", "Descriptor", located},
	{"backstage.io/managed-by-origin-location", "Registered location", located},
	{"backstage.io/source-location", "Source", located},
	{"backstage.io/source-template", "Made from template", refAddress("template")},
	{"backstage.io/techdocs-entity", "Documented by", refAddress("component")},
	{"backstage.io/techdocs-ref", "Documentation source", nil},
	{"backstage.io/view-url", "Descriptor (view)", plain},
	{"bitbucket.org/project-slug", "Bitbucket repository", slug(2, "https://bitbucket.org/%")},
	{"buildkite.com/project-slug", "Buildkite pipeline", slug(2, "https://buildkite.com/%")},
	{"circleci.com/project-slug", "CircleCI project", slug(3, "https://app.circleci.com/pipelines/%")},
	{"datadoghq.com/dashboard-url", "Datadog dashboard", first},
	{"dev.azure.com/project-repo", "Azure repository", azureRepo},
	{"github.com/project-slug", "GitHub repository", githubRepo},
	{"github.com/team-slug", "GitHub team", githubTeam},
	{"github.com/user-login", "GitHub user", slug(1, "https://github.com/%")},
	{"gitlab.com/project-slug", "GitLab project", gitlabProject},
	{"grafana/alert-label-selector", "Grafana alerts", nil},
	{"grafana/dashboard-selector", "Grafana dashboards", nil},
	{"jenkins.io/job-full-name", "Jenkins job", nil},
	{"jira/project-key", "Jira project", nil},
	{"lighthouse.com/website-url", "Website", plain},
	{"opsgenie.com/component-selector", "Opsgenie alerts", nil},
	{"opsgenie.com/team", "Opsgenie team", nil},
	{"pagerduty.com/integration-key", "PagerDuty integration", nil},
	{"pagerduty.com/service-id", "PagerDuty service", slug(1, "https://app.pagerduty.com/service-directory/%")},
	{"quay.io/repository-slug", "Quay repository", slug(2, "https://quay.io/repository/%")},
	{"rollbar.com/project-slug", "Rollbar project", slug(2, "https://rollbar.com/%/")},
	{"scorecard/jsonDataUrl", "Scorecard data", plain},
	{"sentry.io/project-slug", "Sentry project", sentryProject},
	{"snyk.io/org-name", "Snyk organization", slug(1, "https://app.snyk.io/org/%")},
	{"sonarqube.org/project-key", "SonarQube project", nil},
	{"travis-ci.com/repo-slug", "Travis CI builds", slug(2, "https://app.travis-ci.com/github/%")},
}

// annotations lists an entity's annotations by key, with names and links.
func (b *builder) annotations(e *entity.Entity) []Annotation {
	var out []Annotation
	for _, key := range sortedKeys(e.Metadata.Annotations) {
		a := Annotation{Key: key, Value: e.Metadata.Annotations[key]}
		i, known := slices.BinarySearchFunc(wellKnown, key, func(w annotated, k string) int { return strings.Compare(w.key, k) })
		switch {
		case known:
			a.Title = wellKnown[i].title
			if f := wellKnown[i].address; f != nil {
				a.URL = f(b, e, a.Value)
			}
		case safeURL(a.Value):
			a.URL = a.Value
		}
		if a.URL != "" && !sitePath(a.URL) && !safeURL(a.URL) {
			a.URL = ""
		}
		out = append(out, a)
	}
	return out
}

func plain(_ *builder, _ *entity.Entity, value string) string { return value }

// first takes the first of a list of addresses.
func first(_ *builder, _ *entity.Entity, value string) string {
	value, _, _ = strings.Cut(value, ",")
	return strings.TrimSpace(value)
}

// located reads "url:https://…", as location annotations have it.
func located(_ *builder, _ *entity.Entity, value string) string {
	address, ok := strings.CutPrefix(value, "url:")
	if !ok {
		return ""
	}
	return address
}

// refAddress links to the entity that a value names, if it exists.
func refAddress(kind string) func(*builder, *entity.Entity, string) string {
	return func(b *builder, _ *entity.Entity, value string) string {
		r, err := entity.ParseRef(value, kind, entity.DefaultNamespace)
		if err != nil {
			return ""
		}
		return b.link(r).URL
	}
}

var slugPart = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9._~-]*$`)

// slugParts splits "a/b/c" where every part is an ordinary name.
func slugParts(value string) []string {
	parts := strings.Split(value, "/")
	for _, p := range parts {
		if !slugPart.MatchString(p) {
			return nil
		}
	}
	return parts
}

// slug puts a value of so many parts in the place of "%".
func slug(parts int, pattern string) func(*builder, *entity.Entity, string) string {
	return func(_ *builder, _ *entity.Entity, value string) string {
		if len(slugParts(value)) != parts {
			return ""
		}
		return strings.Replace(pattern, "%", value, 1)
	}
}

func githubRepo(b *builder, e *entity.Entity, value string) string {
	if len(slugParts(value)) != 2 {
		return ""
	}
	return "https://" + b.codeHost(e, "github", "github.com") + "/" + value
}

func githubTeam(b *builder, e *entity.Entity, value string) string {
	parts := slugParts(value)
	if len(parts) != 2 {
		return ""
	}
	return "https://" + b.codeHost(e, "github", "github.com") + "/orgs/" + parts[0] + "/teams/" + parts[1]
}

func gitlabProject(b *builder, e *entity.Entity, value string) string {
	host := e.Annotation("gitlab.com/instance")
	if !hostName.MatchString(host) {
		host = b.codeHost(e, "gitlab", "gitlab.com")
	}
	if len(slugParts(value)) < 2 {
		return ""
	}
	return "https://" + host + "/" + value
}

func sentryProject(_ *builder, _ *entity.Entity, value string) string {
	parts := slugParts(value)
	if len(parts) != 2 {
		return ""
	}
	return "https://sentry.io/organizations/" + parts[0] + "/projects/" + parts[1] + "/"
}

// azureRepo needs dev.azure.com/host-org ("host/organization") beside it.
func azureRepo(_ *builder, e *entity.Entity, value string) string {
	org, parts := slugParts(e.Annotation("dev.azure.com/host-org")), slugParts(value)
	if len(org) != 2 || len(parts) != 2 {
		return ""
	}
	return "https://" + org[0] + "/" + org[1] + "/" + parts[0] + "/_git/" + parts[1]
}

var hostName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9.-]*(:[0-9]+)?$`)

// codeHost returns the server an entity's code is on: that of its
// source-location or managed-by-location, else of the repository it was found
// in where that is of the same make, else the public one.
func (b *builder) codeHost(e *entity.Entity, vendor, public string) string {
	for _, key := range []string{"backstage.io/source-location", "backstage.io/managed-by-location"} {
		if h := hostOf(strings.TrimPrefix(e.Annotation(key), "url:")); h != "" {
			return h
		}
	}
	if web := b.web(e.Origin.Source); web.Host == vendor && web != (checkout.Web{}) {
		if h := hostOf(web.Base); h != "" {
			return h
		}
	}
	return public
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || !hostName.MatchString(u.Host) {
		return ""
	}
	return u.Host
}
