package chart

import (
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", os.Getenv("CALLBOARD_GOLDEN") != "", "rewrite golden files")

func sample() Graph {
	return Graph{
		Label: "what checkout depends on",
		Nodes: []Node{
			{ID: "checkout", Label: "Checkout", Detail: "Component · service", URL: "/catalog/default/component/checkout/", Class: "focus"},
			{ID: "ledger", Label: "A very long name of a ledger <service>", Detail: "Component"},
			{ID: "db", Label: "orders-db"},
			{ID: "web", Label: "Shop", URL: "/shop/"},
		},
		Edges: []Edge{
			{From: "web", To: "checkout", Label: "depends on"},
			{From: "checkout", To: "ledger", Label: "depends on"},
			{From: "ledger", To: "checkout", Label: "calls back"},
			{From: "checkout", To: "db", Class: "dashed"},
			{From: "web", To: "db"},
			{From: "web", To: "nowhere"},
			{From: "db", To: "db"},
		},
	}
}

func TestGraphIsDrawnAsBefore(t *testing.T) {
	got := strings.ReplaceAll(sample().SVG(nil), "><", ">\n<") + "\n"
	golden := filepath.Join("testdata", "sample.svg")
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("drawing differs from %s (run with -update to accept):\n%s", golden, got)
	}
}

func TestOrderOfInputDoesNotMatter(t *testing.T) {
	g := sample()
	want := g.SVG(nil)
	slices.Reverse(g.Nodes)
	slices.Reverse(g.Edges)
	if got := g.SVG(nil); got != want {
		t.Error("reversed input gives another drawing")
	}
}

func TestLinksAreSeenFromThePage(t *testing.T) {
	svg := sample().SVG(func(u string) string { return "../.." + u })
	if !strings.Contains(svg, `<a href="../../shop/">`) {
		t.Error("link is not relative")
	}
	if !strings.Contains(svg, `role="group"`) {
		t.Error("a drawing with links hides them behind role img")
	}
	if strings.Contains(svg, "style=") {
		t.Error("inline style would be refused by the content security policy")
	}
}

func TestLayersFollowArrows(t *testing.T) {
	nodes, arcs := sample().canonical()
	l := newLayout(len(nodes), arcs)
	for _, a := range l.arcs {
		if l.vertices[a.from].rank >= l.vertices[a.to].rank {
			t.Errorf("%s is not before %s", nodes[a.from].ID, nodes[a.to].ID)
		}
	}
	if got := l.crossings(); got != 0 {
		t.Errorf("%d crossings in a graph that needs none", got)
	}
}

func TestBoxesDoNotOverlap(t *testing.T) {
	g := Graph{}
	for i := range 40 {
		g.Nodes = append(g.Nodes, Node{ID: fmt.Sprint(i), Label: fmt.Sprint(i)})
		for _, j := range []int{i * 7 % 40, i * 3 % 40, (i + 11) % 40} {
			g.Edges = append(g.Edges, Edge{From: fmt.Sprint(i), To: fmt.Sprint(j)})
		}
	}
	nodes, arcs := g.canonical()
	l := newLayout(len(nodes), arcs)
	size := func(v *vertex) float64 {
		if v.node < 0 {
			return passWidth
		}
		return nodeHeight
	}
	l.place(size, siblingGap)
	for _, layer := range l.layers {
		for i := 1; i < len(layer); i++ {
			u, v := &l.vertices[layer[i-1]], &l.vertices[layer[i]]
			if room := v.at - u.at - (size(u)+size(v))/2; room < siblingGap-0.01 {
				t.Errorf("boxes %d and %d are %.2f apart, want %d", u.node, v.node, room, siblingGap)
			}
		}
	}
}

func TestTextIsCutToFit(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"short", "short"},
		{"exactly-twenty-chars", "exactly-twenty-chars"},
		{"exactly-twenty-chars!", "exactly-twenty-char…"},
		{"決済サービスの台帳の名前です", "決済サービスの台帳…"},
	} {
		if got := fit(c.in, 20); got != c.want {
			t.Errorf("fit(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestEmptyGraphIsNothing(t *testing.T) {
	if got := (Graph{Label: "x"}).SVG(nil); got != "" {
		t.Errorf("drew %q", got)
	}
}

// checkSVG fails unless s is well-formed XML without numbers gone wrong.
func checkSVG(t *testing.T, s string) {
	t.Helper()
	dec := xml.NewDecoder(strings.NewReader(s))
	for {
		tok, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatalf("not well-formed: %v\n%s", err, s)
		}
		e, ok := tok.(xml.StartElement)
		if !ok {
			continue
		}
		for _, a := range e.Attr {
			switch a.Name.Local {
			case "d", "width", "height", "viewBox", "transform":
				if strings.Contains(a.Value, "NaN") || strings.Contains(a.Value, "Inf") || strings.Contains(a.Value, ".") {
					t.Fatalf("%s=%q", a.Name.Local, a.Value)
				}
			}
		}
	}
}

func FuzzGraph(f *testing.F) {
	f.Add([]byte{0, 1, 1, 2, 2, 0}, "a<b>&\"'\x00", false)
	f.Add([]byte{0, 0, 5, 5}, "", true)
	f.Add([]byte{3, 2, 2, 1, 1, 0, 3, 0}, "\xff\xfe 決済", false)
	f.Fuzz(func(t *testing.T, pairs []byte, label string, down bool) {
		if len(pairs) > 400 {
			return
		}
		g := Graph{Label: label, Down: down}
		for i := 0; i+1 < len(pairs); i += 2 {
			from, to := string(rune('a'+pairs[i]%32)), string(rune('a'+pairs[i+1]%32))
			g.Nodes = append(g.Nodes, Node{ID: from, Label: label, Detail: label, URL: label, Class: label}, Node{ID: to, Label: to})
			g.Edges = append(g.Edges, Edge{From: from, To: to, Label: label, Class: label})
		}
		s := g.SVG(nil)
		checkSVG(t, s)
		slices.Reverse(g.Edges)
		if g.SVG(nil) != s {
			t.Error("order of edges changed the drawing")
		}
	})
}

func BenchmarkGraph(b *testing.B) {
	g := Graph{}
	for i := range 25 {
		g.Nodes = append(g.Nodes, Node{ID: fmt.Sprint(i), Label: fmt.Sprint("node ", i)})
		g.Edges = append(g.Edges, Edge{From: fmt.Sprint(i), To: fmt.Sprint(i * 7 % 25)}, Edge{From: fmt.Sprint(i), To: fmt.Sprint((i + 3) % 25)})
	}
	for b.Loop() {
		_ = g.SVG(nil)
	}
}
