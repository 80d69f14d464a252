package search

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/evanw/esbuild/pkg/api"
)

// The browser's half of the search lives in the base theme.
const browserSource = "../../themes/base/assets/ts/search"

// browser runs an expression of TypeScript under Node, with the modules of
// the browser's search as words, shards and rank, the folder's files as load,
// and input as data; result is decoded from what it prints. It skips the test
// where there is no Node.
func browser(t testing.TB, dir string, input any, expression string, result any) {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is not installed: the browser's search is not compared")
	}
	data, err := json.Marshal(input)
	if err != nil {
		t.Fatal(err)
	}
	source := fmt.Sprintf(`
import * as words from "./words";
import * as shards from "./shards";
import * as rank from "./rank";
import { readFile } from "node:fs/promises";
const load = async (name: string) => new Uint8Array(await readFile(process.argv[2] + "/" + name));
const data = JSON.parse(await readFile(process.argv[3], "utf8"));
console.log(JSON.stringify(await (async () => { %s })()));
`, expression)
	wd, err := filepath.Abs(browserSource)
	if err != nil {
		t.Fatal(err)
	}
	built := api.Build(api.BuildOptions{
		Stdin:  &api.StdinOptions{Contents: source, ResolveDir: wd, Sourcefile: "test.ts", Loader: api.LoaderTS},
		Bundle: true, Format: api.FormatESModule, Platform: api.PlatformNode, Target: api.ES2022, Write: false,
	})
	for _, e := range built.Errors {
		t.Fatalf("%s: %+v", e.Text, e.Location)
	}
	tmp := t.TempDir()
	script, dataFile := filepath.Join(tmp, "test.mjs"), filepath.Join(tmp, "data.json")
	for path, b := range map[string][]byte{script: built.OutputFiles[0].Contents, dataFile: data} {
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(node, script, dir, dataFile)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("node: %v\n%s", err, stderr.String())
	}
	if err := json.Unmarshal(out, result); err != nil {
		t.Fatalf("node printed %.200q: %v", out, err)
	}
}

// publish writes the exported files below a folder and returns it.
func publish(t testing.TB, x *Index) string {
	t.Helper()
	dir := t.TempDir()
	for path, b := range exported(t, x) {
		if err := os.WriteFile(filepath.Join(dir, filepath.Base(path)), []byte(b), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestBrowserCutsWordsAsTheIndexDoes(t *testing.T) {
	texts := []string{
		"", "the-api", "Payment-ServiceV2.api", "node.js, config.yaml: key=value", "it's the team’s O'Neill ' quoted'", "''", "don''t",
		"Zoë's café ﬁne ＡＢＣ Straße İstanbul ΣΊΣΥΦΟΣ", "検索エンジン search 東 京都a", "snake_case and kebab-case/path", "v1.2.3 10.000 3½ x²",
		strings.Repeat("a", 40) + " " + strings.Repeat("b", 41), "e\u0301tude Ångström", "emoji 🎉 party🎉time", "Привет мир हिन्दी العربية",
		"\u00a0non\u00adbreaking soft\u00adhyphen", "𝒜𝓁𝓅𝒽𝒶 \U00010330\U00010331",
	}
	g := newGenerator(11, 3000)
	texts = append(texts, g.text(4000), strings.Join(g.vocab, " "), strings.Join(stemming, " "))
	type half struct {
		Words, Terms []string
		Stops        []bool
	}
	prose, labels := analysers(t)
	want := make([]half, len(texts))
	for i, s := range texts {
		want[i] = half{Words: []string{}, Terms: []string{}, Stops: []bool{}}
		for _, w := range words(s) {
			want[i].Words = append(want[i].Words, w)
			want[i].Terms = append(want[i].Terms, string(labels.term([]byte(w))))
			want[i].Stops = append(want[i].Stops, prose.term([]byte(w)) == nil)
		}
	}
	var got []half
	browser(t, "", texts, `return data.map((s: string) => { const w = words.words(s); return { Words: w, Terms: w.map(words.term), Stops: w.map(words.isStop) }; });`, &got)
	for i := range want {
		if reflect.DeepEqual(got[i], want[i]) {
			continue
		}
		for j := range max(len(got[i].Words), len(want[i].Words)) {
			if j >= len(got[i].Words) || j >= len(want[i].Words) || got[i].Words[j] != want[i].Words[j] || got[i].Terms[j] != want[i].Terms[j] || got[i].Stops[j] != want[i].Stops[j] {
				t.Errorf("%.60q differs at word %d:\n browser %q %q\n index   %q %q", texts[i], j, at(got[i].Words, j), at(got[i].Terms, j), at(want[i].Words, j), at(want[i].Terms, j))
				break
			}
		}
	}
}

func at(list []string, i int) string {
	if i < len(list) {
		return list[i]
	}
	return "(none)"
}

func analysers(t testing.TB) (prose, labels *english) {
	t.Helper()
	prose, err := newEnglish(false)
	if err != nil {
		t.Fatal(err)
	}
	labels, err = newEnglish(true)
	if err != nil {
		t.Fatal(err)
	}
	return prose, labels
}

// stemming are words that reach every rule of the stemmer.
var stemming = strings.Fields(`caresses ponies ties caress cats feed agreed plastered bled motoring sing conflated troubled sized hopping tanned
falling hissing fizzed failing filing happy sky relational conditional rational valenci hesitanci digitizer conformabli radicalli differentli vileli
analogousli vietnamization predication operator feudalism decisiveness hopefulness callousness formaliti sensitiviti sensibiliti archaeology triplicate
formative formalize electriciti electrical hopeful goodness revival allowance inference airliner gyroscopic adjustable defensible irritant replacement
adjustment dependent adoption homologou communism activate angulariti homologous effective bowdlerize probate rate cease controll roll yy yyy yyyyed
ing ed s ss ies eed sses es bed being dying dyed yes y ye yed eying aed ied ying ion sion tion ational ably ization ll all ell controlled databases
queries services deployments authentication authorization configuration kubernetes a'b's o's`)

func TestBrowserSearchIsSmall(t *testing.T) {
	built := api.Build(api.BuildOptions{
		EntryPoints: []string{browserSource + "/index.ts"}, Bundle: true, Write: false, Format: api.FormatESModule, Target: api.ES2022,
		MinifyWhitespace: true, MinifyIdentifiers: true, MinifySyntax: true,
	})
	if len(built.Errors) > 0 {
		t.Fatalf("%+v", built.Errors)
	}
	packed, err := pack(built.OutputFiles[0].Contents)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d bytes, %d compressed", len(built.OutputFiles[0].Contents), len(packed))
	if len(packed) > 12<<10 {
		t.Errorf("the search is %d bytes compressed, above 12 KiB", len(packed))
	}
}

func TestBrowserRanksAsTheReferenceDoes(t *testing.T) {
	g := newGenerator(21, 2500)
	x := openIndex(t, append(g.corpus(700, 4, 50), handwritten()...))
	queries := parityQueries(g, x)
	if len(queries) < 250 {
		t.Fatalf("only %d queries", len(queries))
	}
	compareWithBrowser(t, x, queries)
}

// compareWithBrowser requires that both sides give the same ten best results,
// with the same scores.
func compareWithBrowser(t *testing.T, x *Index, queries []string) {
	t.Helper()
	type answer struct {
		URLs   []string
		Scores []float64
		Total  int
	}
	r, err := x.Reader()
	if err != nil {
		t.Fatal(err)
	}
	var got []answer
	browser(t, publish(t, x), queries, `
const s = new rank.Search(await shards.Shards.open(load));
const out = [];
for (const q of data) {
  const a = await s.query(q, 10);
  out.push({ URLs: a.results.map((r) => r.url), Scores: a.results.map((r) => r.score), Total: a.total });
}
return out;`, &got)
	found := 0
	for i, q := range queries {
		hits, _, err := r.rank(context.Background(), q, 10)
		if err != nil {
			t.Fatal(err)
		}
		rs, err := r.Query(context.Background(), q, 10)
		if err != nil {
			t.Fatal(err)
		}
		want := answer{URLs: []string{}, Scores: []float64{}, Total: len(hits)}
		for _, r := range rs {
			want.URLs, want.Scores = append(want.URLs, r.URL), append(want.Scores, r.Score)
		}
		if len(rs) > 0 {
			found++
		}
		if !reflect.DeepEqual(got[i], want) {
			t.Errorf("query %q:\n browser %v\n index   %v", q, got[i], want)
		}
	}
	t.Logf("%d queries, %d with results", len(queries), found)
}

// parityQueries are names, words, prefixes, misspellings and several words.
func parityQueries(g *generator, x *Index) []string {
	out := strings.Split(`the-api|The API|the|payment service|PaymentService|payment-service|paymentservice|paymnet|payments|paymen|deploym|deploying the checkout |checkout timeout|how do I restart the worker|it's|don't|zoe|Zoë|検索|検|x|a|of the|"exact phrase"|node.js|config.yaml|  |?!|kubernets|kuberentes cluster|team platform|getting started|gettingstarted|get|on-call|on call|kind:api|kind:api payment|owner:team-platform|payment -worker|payment -kind:docs|-worker|kind:component kind:api pay|kind:comp|KIND:API|kind:|tag:x|"payment service"|"payment service" kind:component|"payment serv|-"payment" service|owner:group:default/team-platform check|"the" api|a:b c:d|kind:docs deploy -kubernetes|lifecycle:Production|- payment|--x payment|type:data-pipeline`, "|")
	for i := range 240 {
		w := g.vocab[(i*37)%len(g.vocab)]
		switch i % 8 {
		case 0:
			out = append(out, w)
		case 1:
			out = append(out, w[:len(w)*2/3])
		case 2:
			out = append(out, w+" "+g.word())
		case 3:
			out = append(out, g.word()+" "+g.word()+" "+w[:3])
		case 4:
			out = append(out, w[:1]+w[2:])
		case 5:
			out = append(out, w[:2]+"x"+w[2:]+" ")
		case 6:
			out = append(out, x.ledger.layout.slots[(i*13)%len(x.ledger.layout.slots)].ID[len("docs:component:default/"):])
		case 7:
			out = append(out, w[:len(w)-1]+" "+w)
		}
	}
	return out
}

// handwritten are documents with the cases that generated ones lack.
func handwritten() []Document {
	entity := func(kind, name, title, description string) Document {
		d := Document{ID: "entity:" + kind + ":default/" + name, URL: "/catalog/default/" + kind + "/" + name + "/", Title: title, Kind: kind, Names: distinct(name, title), Keywords: []string{kind}, Breadcrumb: []string{kind}, Facets: Facets{Owner: "group:default/team-platform", Lifecycle: "production", Type: "data pipeline"}}
		return withSections(d, []Section{{Heading: title, Text: description}})
	}
	page := func(path, title, text string, more ...Section) Document {
		d := Document{ID: "docs:component:default/handbook:" + path, URL: "/docs/default/component/handbook/" + path, Title: title, Kind: "docs", Breadcrumb: []string{"Docs", "Handbook"}, Keywords: []string{"handbook"}}
		return withSections(d, append([]Section{{Heading: title, Text: text}}, more...))
	}
	return []Document{
		entity("api", "the-api", "The API", "What the rest of us call."),
		entity("component", "payment-service", "payment-service", "Takes payments and settles them with the bank."),
		entity("component", "payment-service-worker", "payment-service-worker", "Retries payments in the background."),
		entity("api", "PaymentEvents", "PaymentEvents", "Everything that happened to a payment."),
		entity("component", "not-it", "not-it", "A name of nothing but stop words."),
		entity("user", "zoe.baker", "Zoë Baker", "On call for checkout."),
		entity("group", "team-platform", "Team Platform", "Keeps Kubernetes running."),
		entity("component", "検索", "検索エンジン", "Search engine of the Tokyo office."),
		page("", "Handbook", "How we work."),
		page("start/", "Getting started", "Install the tools and deploy the checkout service.", Section{ID: "deploy", Heading: "Deployment", Text: "Deployments run from the main branch; restart the worker if a payment hangs."}),
		page("on-call/", "On call", "Who answers at night, and the runbook for a checkout timeout.", Section{ID: "kubernetes", Heading: "Kubernetes cluster", Text: "kubectl and the cluster's context", Code: "kubectl config use-context prod.eu-west"}),
		page("events/", "PaymentEvents in depth", "The payment service publishes PaymentEvents. The payment service owns them. Payment service."),
	}
}
