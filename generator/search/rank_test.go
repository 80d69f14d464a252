package search

import (
	"slices"
	"strings"
	"testing"
)

func TestNamesAreFound(t *testing.T) {
	g := newGenerator(31, 2000)
	x := openIndex(t, append(g.corpus(300, 4, 40), handwritten()...))
	for query, want := range map[string]string{
		"the-api":                "/catalog/default/api/the-api/",
		"The API":                "/catalog/default/api/the-api/",
		"not-it":                 "/catalog/default/component/not-it/", // stop words only
		"not it":                 "/catalog/default/component/not-it/",
		"payment-service":        "/catalog/default/component/payment-service/",
		"payment service":        "/catalog/default/component/payment-service/",
		"paymentservice":         "/catalog/default/component/payment-service/",
		"PaymentService":         "/catalog/default/component/payment-service/",
		"payment-serv":           "/catalog/default/component/payment-service/",
		"payment service worker": "/catalog/default/component/payment-service-worker/",
		"paymentevents":          "/catalog/default/api/PaymentEvents/",
		"payment events":         "/catalog/default/api/PaymentEvents/",
		"zoe":                    "/catalog/default/user/zoe.baker/",
		"Zoë Baker":              "/catalog/default/user/zoe.baker/",
		"検索":                     "/catalog/default/component/検索/",
		"エンジン":                   "/catalog/default/component/検索/",
		"getting sta":            "/docs/default/component/handbook/start/",
		"deployments":            "/docs/default/component/handbook/start/#deploy",
		"deploym":                "/docs/default/component/handbook/start/#deploy", // on the way to it
		"kuberntes cluster":      "/docs/default/component/handbook/on-call/#kubernetes",
		"paymnet-service":        "/catalog/default/component/payment-service/",
		"eu-west":                "/docs/default/component/handbook/on-call/#kubernetes",
		"checkout timeouts":      "/docs/default/component/handbook/on-call/",
	} {
		if got := urls(t, x, query, 3); len(got) == 0 || got[0] != want {
			t.Errorf("%q finds %q, want %s first", query, got, want)
		}
	}
}

func TestEveryNameFindsItsEntityFirst(t *testing.T) {
	g := newGenerator(41, 300) // few words, so that names share most of theirs
	docs := g.corpus(900, 2, 20)
	x := openIndex(t, docs)
	for _, d := range docs {
		if len(d.Names) == 0 {
			continue
		}
		if got := urls(t, x, d.Names[0], 1); len(got) == 0 || got[0] != d.URL {
			t.Errorf("%q finds %q first", d.Names[0], got)
		}
	}
}

func TestMoreDocumentsNeverHideAMatch(t *testing.T) {
	g := newGenerator(51, 800)
	docs := append(g.corpus(100, 3, 20), handwritten()...)
	x := openIndex(t, docs)
	queries := parityQueries(g, x)[:120]
	before := map[string][]string{}
	for _, q := range queries {
		before[q] = pages(urls(t, x, q, -1))
	}
	for round := range 2 {
		for i := range 100 {
			docs = append(docs, g.doc(2000+100*round+i, 3, 20))
		}
		mustUpdate(t, x, docs)
		for _, q := range queries {
			after := pages(urls(t, x, q, -1))
			for _, u := range before[q] {
				if !slices.Contains(after, u) {
					t.Errorf("%q no longer finds %s after %d more documents", q, u, 100*(round+1))
				}
			}
			before[q] = after
		}
	}
}

// pages drops fragments: another section may have become the best one.
func pages(urls []string) []string {
	for i, u := range urls {
		urls[i], _, _ = strings.Cut(u, "#")
	}
	return urls
}

func TestFacetsQuotesAndUnwantedWordsNarrow(t *testing.T) {
	x := openIndex(t, handwritten())
	payment := []string{"/catalog/default/component/payment-service/", "/catalog/default/component/payment-service-worker/", "/catalog/default/api/PaymentEvents/",
		"/docs/default/component/handbook/events/", "/docs/default/component/handbook/start/"}
	for query, want := range map[string][]string{
		"payment":                             payment,
		"payment kind:api":                    {payment[2]},
		"payment kind:api kind:docs":          {payment[2], payment[3], payment[4]},
		"payment kind:do":                     {payment[3], payment[4]}, // still being typed
		"payment kind:do ":                    nil,
		"payment -kind:docs":                  payment[:3],
		"payment -worker":                     {payment[0], payment[2], payment[3]},
		"payment owner:team-platform -worker": {payment[0], payment[2]},
		`"payment events"`:                    {payment[2]},
		`"payments" kind:component bank`:      payment[:2],
		"kind:group":                          {"/catalog/default/group/team-platform/"},
		"owner:nobody":                        nil,
		"type:data-pipeline kind:user":        {"/catalog/default/user/zoe.baker/"},
		"kind:api -payment":                   {"/catalog/default/api/the-api/"},
	} {
		got := pages(urls(t, x, query, 20))
		slices.Sort(got)
		want = slices.Sorted(slices.Values(want))
		if !slices.Equal(got, want) {
			t.Errorf("%s finds %q, want %q", query, got, want)
		}
	}
}

func TestQueryOfNothingFindsNothing(t *testing.T) {
	x := openIndex(t, handwritten())
	for _, q := range []string{"", " ", "?!", "—", strings.Repeat("x", 5000), "zzzzzzzz"} {
		if got := urls(t, x, q, 10); len(got) != 0 {
			t.Errorf("%.20q finds %q", q, got)
		}
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b  string
		limit int
		want  int
	}{
		{"payment", "payment", 2, 0}, {"paymnet", "payment", 1, 1}, {"payent", "payment", 1, 1}, {"paymments", "payment", 2, 2},
		{"stars", "stores", 1, 2}, {"a", "abcd", 2, 3}, {"日本", "日木", 1, 1}, {"kitten", "sitting", 2, 3},
	} {
		if got := distance(c.a, c.b, c.limit); got != c.want {
			t.Errorf("distance of %q and %q is %d, want %d", c.a, c.b, got, c.want)
		}
	}
}
