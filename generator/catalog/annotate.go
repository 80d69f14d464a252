package catalog

import (
	"fmt"
	"net/url"
	"path"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/callboard-portal/callboard/generator/diag"
)

// The annotations that say where an entity comes from (Backstage:
// AnnotateLocationEntityProcessor and AnnotateScmSlugEntityProcessor's relatives).
const (
	annotationLocation = "backstage.io/managed-by-location"
	annotationOrigin   = "backstage.io/managed-by-origin-location"
	annotationView     = "backstage.io/view-url"
	annotationEdit     = "backstage.io/edit-url"
	annotationSource   = "backstage.io/source-location"
)

// annotate adds where the entity comes from. The two managed-by annotations
// are always ours; the others only when the file does not set them. Addresses
// name the branch, not the commit, so that a commit elsewhere in the
// repository changes nothing here.
func (d *draft) annotate() {
	m := &d.entity.Metadata
	if m.Annotations == nil {
		m.Annotations = map[string]string{}
	}
	d.removeUnsafe()
	file := d.entity.Origin.Path
	m.Annotations[annotationLocation] = d.repo.locationOf(file)
	m.Annotations[annotationOrigin] = d.task.root.locationOf(d.task.origin)
	web := d.repo.Web
	if web.Branch != "" {
		web.Commit = ""
	}
	d.addAnnotation(annotationView, web.File(file, 0))
	d.addAnnotation(annotationEdit, web.Edit(file))
	folder := path.Dir(file)
	if folder == "." {
		folder = ""
	}
	if tree := web.Tree(folder); tree != "" {
		d.addAnnotation(annotationSource, "url:"+strings.TrimSuffix(tree, "/")+"/")
	}
}

func (d *draft) addAnnotation(key, value string) {
	if value != "" && d.entity.Metadata.Annotations[key] == "" {
		d.entity.Metadata.Annotations[key] = value
	}
}

// locationOf is "url:" with the file's address, or "file:" with its path
// where the repository has no pages.
func (r *repo) locationOf(file string) string {
	web := r.Web
	if web.Branch != "" {
		web.Commit = ""
	}
	if address := web.File(file, 0); address != "" {
		return "url:" + address
	}
	return "file:" + file
}

// removeUnsafe removes annotations whose value would run code as a link. The
// rest of them are free text: only collectors and plug-ins know what is an address.
func (d *draft) removeUnsafe() {
	for key, value := range d.entity.Metadata.Annotations {
		scheme, unsafe := unsafeScheme(value)
		if !unsafe {
			continue
		}
		delete(d.entity.Metadata.Annotations, key)
		d.report(codeScheme, diag.Error, "metadata.annotations."+key,
			fmt.Sprintf("annotation %q has an address with the scheme %q", key, scheme), "only http, https and mailto are shown")
	}
}

// unsafeScheme tells what browsers would run, however it is spelled: they
// drop control characters and white space from schemes.
func unsafeScheme(value string) (string, bool) {
	plain := strings.Map(func(r rune) rune {
		if r <= ' ' || r == 0x7f || (r >= 0x80 && r <= 0x9f) {
			return -1
		}
		return r
	}, value)
	if decoded, err := url.PathUnescape(plain); err == nil {
		plain = decoded
	}
	plain = strings.ToLower(strings.TrimPrefix(plain, "url:"))
	for _, scheme := range []string{"javascript", "vbscript", "data"} {
		if strings.HasPrefix(plain, scheme+":") {
			return scheme, true
		}
	}
	return "", false
}

// isAllowed applies the portal's rules. They go by the source the entity was
// found from, not the one its file is in (Backstage: DefaultCatalogRulesEnforcer).
func (d *draft) isAllowed(rules []Rule) bool {
	if len(rules) == 0 {
		return true
	}
	for _, rule := range rules {
		if containsFold(rule.Allow, d.entity.Kind) && matchesAny(rule.Sources, d.task.root.Name) {
			return true
		}
	}
	d.report(codeNotAllowed, diag.Error, "kind",
		fmt.Sprintf("source %q may not declare entities of kind %s", d.task.root.Name, d.entity.Kind), "allow it under catalog.rules in callboard.yaml")
	return false
}

func containsFold(list []string, s string) bool {
	for _, x := range list {
		if strings.EqualFold(x, s) {
			return true
		}
	}
	return false
}

func matchesAny(globs []string, name string) bool {
	if len(globs) == 0 {
		return true
	}
	for _, g := range globs {
		if ok, err := doublestar.Match(g, name); ok && err == nil {
			return true
		}
	}
	return false
}
