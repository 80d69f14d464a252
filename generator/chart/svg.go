package chart

import (
	"html"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Measures of a drawing, in pixels at full size.
const (
	nodeWidth   = 168
	nodeHeight  = 40
	layerGap    = 36 // between layers, where the arrows run
	siblingGap  = 12 // between boxes of a layer
	passWidth   = 6  // of an edge that passes a layer
	margin      = 4
	labelCells  = 20 // characters of a wide system font that fit a box
	detailCells = 22
)

// SVG draws the graph. rel turns a node's URL into a link as seen from the
// page the drawing is on; nil leaves it as it is. Without nodes it returns "".
// The result holds links, so its role is "group", not "img", which would hide
// them from assistive software.
func (g Graph) SVG(rel func(string) string) string {
	nodes, arcs := g.canonical()
	if len(nodes) == 0 {
		return ""
	}
	l := newLayout(len(nodes), arcs)
	d := drawing{graph: g, nodes: nodes, layout: l, rel: rel}
	return d.svg()
}

type drawing struct {
	graph  Graph
	nodes  []Node
	layout *layout
	rel    func(string) string
	b      strings.Builder
}

func (d *drawing) svg() string {
	across, along := float64(nodeHeight), nodeWidth
	if d.graph.Down {
		across, along = nodeWidth, nodeHeight
	}
	extent := round(d.layout.place(func(v *vertex) float64 {
		if v.node < 0 {
			return passWidth
		}
		return across
	}, siblingGap))
	length := len(d.layout.layers)*(along+layerGap) - layerGap
	width, height := length+2*margin, extent+2*margin
	if d.graph.Down {
		width, height = height, width
	}
	w, h := strconv.Itoa(width), strconv.Itoa(height)
	role := "img"
	for _, n := range d.nodes {
		if n.URL != "" {
			role = "group"
		}
	}
	d.write(`<svg class="graph" xmlns="http://www.w3.org/2000/svg" role="`, role, `" aria-label="`, escape(d.graph.Label),
		`" width="`, w, `" height="`, h, `" viewBox="0 0 `, w, ` `, h, `">`)
	for i, a := range d.layout.arcs {
		d.arc(a, d.layout.paths[i])
	}
	for i := range d.nodes {
		d.node(i)
	}
	d.write("</svg>")
	return d.b.String()
}

func (d *drawing) write(parts ...string) {
	for _, p := range parts {
		d.b.WriteString(p)
	}
}

// point turns a place along and across the layers into x and y.
func (d *drawing) point(along, across int) string {
	if d.graph.Down {
		along, across = across, along
	}
	return strconv.Itoa(along) + " " + strconv.Itoa(across)
}

// start is where a layer begins, along the layers.
func (d *drawing) start(rank int) int {
	if d.graph.Down {
		return margin + rank*(nodeHeight+layerGap)
	}
	return margin + rank*(nodeWidth+layerGap)
}

func (d *drawing) depth() int {
	if d.graph.Down {
		return nodeHeight
	}
	return nodeWidth
}

// arc draws the line of an arc as curves through its stand-ins, with an
// arrowhead at each end that an edge points to.
func (d *drawing) arc(a arc, path []int) {
	class, label := "edge", ""
	for _, e := range append(a.edges[:len(a.edges):len(a.edges)], a.back...) {
		if e.Class != "" && !strings.Contains(" "+class+" ", " "+e.Class+" ") {
			class += " " + e.Class
		}
		if e.Label != "" {
			if label != "" {
				label += "; "
			}
			label += e.Label
		}
	}
	d.write(`<g class="`, escape(class), `">`)
	if label != "" {
		d.write(`<title>`, escape(label), `</title>`)
	}
	first, last := &d.layout.vertices[path[0]], &d.layout.vertices[path[len(path)-1]]
	x, y := d.start(first.rank)+d.depth(), round(first.at)+margin
	d.write(`<path class="line" fill="none" d="M`, d.point(x, y))
	for _, id := range path[1:] {
		v := &d.layout.vertices[id]
		toX, toY := d.start(v.rank), round(v.at)+margin
		mid := (x + toX) / 2
		d.write(`C`, d.point(mid, y), ` `, d.point(mid, toY), ` `, d.point(toX, toY))
		x, y = toX, toY
		if v.node < 0 {
			x += d.depth()
			d.write(`L`, d.point(x, y))
		}
	}
	d.write(`"/>`)
	if len(a.edges) > 0 {
		d.head(d.start(last.rank), round(last.at)+margin, -8)
	}
	if len(a.back) > 0 {
		d.head(d.start(first.rank)+d.depth(), round(first.at)+margin, 8)
	}
	d.write(`</g>`)
}

func (d *drawing) head(x, y, length int) {
	d.write(`<path class="head" d="M`, d.point(x, y), `L`, d.point(x+length, y-4), `L`, d.point(x+length, y+4), `Z"/>`)
}

// node draws a box with its text, as a link where it has a URL.
func (d *drawing) node(i int) {
	n, v := d.nodes[i], &d.layout.vertices[i]
	x, y := d.start(v.rank), round(v.at)+margin-nodeHeight/2
	if d.graph.Down {
		x, y = round(v.at)+margin-nodeWidth/2, d.start(v.rank)
	}
	url := n.URL
	if url != "" && d.rel != nil {
		url = d.rel(url)
	}
	if url != "" {
		d.write(`<a href="`, escape(url), `">`)
	}
	class := "node"
	if n.Class != "" {
		class += " " + n.Class
	}
	d.write(`<g class="`, escape(class), `" transform="translate(`, strconv.Itoa(x), ` `, strconv.Itoa(y), `)">`)
	title := n.Label
	if n.Detail != "" {
		title += " – " + n.Detail
	}
	d.write(`<title>`, escape(title), `</title><rect class="box" width="`, strconv.Itoa(nodeWidth), `" height="`, strconv.Itoa(nodeHeight), `" rx="6"/>`)
	if n.Detail == "" {
		d.text("label", 24, fit(n.Label, labelCells))
	} else {
		d.text("label", 17, fit(n.Label, labelCells))
		d.text("detail", 32, fit(n.Detail, detailCells))
	}
	d.write(`</g>`)
	if url != "" {
		d.write(`</a>`)
	}
}

func (d *drawing) text(class string, y int, s string) {
	size := "13"
	if class == "detail" {
		size = "11"
	}
	d.write(`<text class="`, class, `" x="10" y="`, strconv.Itoa(y), `" font-size="`, size, `">`, escape(s), `</text>`)
}

// fit cuts s to a number of cells, wide characters counting twice.
func fit(s string, cells int) string {
	used := 0
	for i, r := range s {
		w := 1
		if wide(r) {
			w = 2
		}
		if used+w > cells || used+w == cells && i+utf8.RuneLen(max(r, 0)) < len(s) {
			return s[:i] + "…"
		}
		used += w
	}
	return s
}

// wide reports whether a character takes two cells (Unicode TR 11, coarsely).
func wide(r rune) bool {
	return r >= 0x1100 && r <= 0x115F || r >= 0x2E80 && r <= 0xA4CF || r >= 0xAC00 && r <= 0xD7A3 ||
		r >= 0xF900 && r <= 0xFAFF || r >= 0xFE30 && r <= 0xFE6F || r >= 0xFF00 && r <= 0xFF60 || r >= 0x1F300
}

// escape makes s safe as XML text or attribute: besides the usual characters,
// those that XML does not allow are replaced.
func escape(s string) string {
	clean := strings.Map(func(r rune) rune {
		if r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == utf8.RuneError || r == 0xFFFE || r == 0xFFFF {
			return '\uFFFD'
		}
		return r
	}, s)
	return html.EscapeString(clean)
}

func round(f float64) int { return int(math.Round(f)) }
