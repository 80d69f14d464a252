package chart

import (
	"cmp"
	"slices"
)

// The layout is the classic one in layers (Sugiyama, Tagawa, Toda 1981): break
// cycles, give every node a layer, put stand-ins where an edge passes a layer,
// order each layer to lessen crossings, and then place the nodes (place.go).

// vertex is a node, or a stand-in for an edge that passes a layer (node < 0).
type vertex struct {
	node     int
	rank     int
	in, out  []int // vertices one layer before and after
	position int   // in its layer
	at       float64
}

// layout is a graph being laid out.
type layout struct {
	vertices []vertex
	layers   [][]int
	// paths holds for every arc its vertices from first to last.
	paths [][]int
	arcs  []arc
}

// sweeps is how often layers are reordered and placed, forth and back.
const sweeps = 8

// newLayout lays out n nodes.
func newLayout(n int, arcs []arc) *layout {
	l := &layout{arcs: breakCycles(n, arcs)}
	rank := ranks(n, l.arcs)
	for i := range n {
		l.vertices = append(l.vertices, vertex{node: i, rank: rank[i]})
	}
	for _, a := range l.arcs {
		l.paths = append(l.paths, l.connect(a))
	}
	l.initialOrder()
	l.lessenCrossings()
	return l
}

// breakCycles turns around the arcs that close a cycle in a depth-first walk
// over nodes and arcs in their order, and joins arcs that become the same.
func breakCycles(n int, arcs []arc) []arc {
	out := make([][]int, n)
	for i, a := range arcs {
		out[a.from] = append(out[a.from], i)
	}
	const unseen, active, done = 0, 1, 2
	state := make([]int, n)
	turn := make([]bool, len(arcs))
	type frame struct{ node, next int }
	for _, root := range bySources(n, arcs) {
		if state[root] != unseen {
			continue
		}
		state[root] = active
		stack := []frame{{node: root}}
		for len(stack) > 0 {
			f := &stack[len(stack)-1]
			if f.next == len(out[f.node]) {
				state[f.node] = done
				stack = stack[:len(stack)-1]
				continue
			}
			i := out[f.node][f.next]
			f.next++
			switch to := arcs[i].to; state[to] {
			case active:
				turn[i] = true
			case unseen:
				state[to] = active
				stack = append(stack, frame{node: to})
			}
		}
	}
	return joinTurned(arcs, turn)
}

// bySources returns the nodes, those without incoming arcs first: a walk that
// begins at them turns around the fewest arcs.
func bySources(n int, arcs []arc) []int {
	incoming := make([]int, n)
	for _, a := range arcs {
		incoming[a.to]++
	}
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(min(incoming[a], 1), min(incoming[b], 1)) })
	return order
}

func joinTurned(arcs []arc, turn []bool) []arc {
	type pair struct{ from, to int }
	index := map[pair]int{}
	var out []arc
	for i, a := range arcs {
		if !turn[i] {
			index[pair{a.from, a.to}] = len(out)
			out = append(out, a)
		}
	}
	for i, a := range arcs {
		if !turn[i] {
			continue
		}
		if j, ok := index[pair{a.to, a.from}]; ok {
			out[j].back = a.edges
			continue
		}
		out = append(out, arc{from: a.to, to: a.from, back: a.edges})
	}
	slices.SortFunc(out, func(a, b arc) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to)) })
	return out
}

// ranks gives every node the longest way from a source as its layer, and then
// pulls nodes that only lead onwards up to what they lead to.
func ranks(n int, arcs []arc) []int {
	rank, waiting := make([]int, n), make([]int, n)
	out := make([][]int, n)
	for _, a := range arcs {
		waiting[a.to]++
		out[a.from] = append(out[a.from], a.to)
	}
	var order []int
	for i := range n {
		if waiting[i] == 0 {
			order = append(order, i)
		}
	}
	for i := 0; i < len(order); i++ {
		for _, to := range out[order[i]] {
			rank[to] = max(rank[to], rank[order[i]]+1)
			if waiting[to]--; waiting[to] == 0 {
				order = append(order, to)
			}
		}
	}
	hasIn := make([]bool, n)
	for _, a := range arcs {
		hasIn[a.to] = true
	}
	for i := len(order) - 1; i >= 0; i-- {
		v := order[i]
		if hasIn[v] || len(out[v]) == 0 {
			continue
		}
		nearest := rank[out[v][0]]
		for _, to := range out[v] {
			nearest = min(nearest, rank[to])
		}
		rank[v] = nearest - 1
	}
	return rank
}

// connect links an arc's ends, through stand-ins where it is longer than a layer.
func (l *layout) connect(a arc) []int {
	path := []int{a.from}
	for r := l.vertices[a.from].rank + 1; r < l.vertices[a.to].rank; r++ {
		l.vertices = append(l.vertices, vertex{node: -1, rank: r})
		path = append(path, len(l.vertices)-1)
	}
	path = append(path, a.to)
	for i := 1; i < len(path); i++ {
		u, v := path[i-1], path[i]
		l.vertices[u].out = append(l.vertices[u].out, v)
		l.vertices[v].in = append(l.vertices[v].in, u)
	}
	return path
}

// initialOrder fills the layers by a walk along edges in both directions, so
// that what is connected begins side by side.
func (l *layout) initialOrder() {
	top := 0
	for _, v := range l.vertices {
		top = max(top, v.rank)
	}
	l.layers = make([][]int, top+1)
	seen := make([]bool, len(l.vertices))
	for root := range l.vertices {
		if seen[root] {
			continue
		}
		seen[root] = true
		for queue := []int{root}; len(queue) > 0; queue = queue[1:] {
			v := queue[0]
			r := l.vertices[v].rank
			l.vertices[v].position = len(l.layers[r])
			l.layers[r] = append(l.layers[r], v)
			for _, next := range [2][]int{l.vertices[v].in, l.vertices[v].out} {
				for _, w := range next {
					if !seen[w] {
						seen[w] = true
						queue = append(queue, w)
					}
				}
			}
		}
	}
}

// lessenCrossings orders layers by the mean position of their neighbours,
// forwards and backwards in turn, and keeps the best order seen.
func (l *layout) lessenCrossings() {
	best, fewest := l.positions(), l.crossings()
	for i := 0; i < sweeps && fewest > 0; i++ {
		if i%2 == 0 {
			for r := 1; r < len(l.layers); r++ {
				l.reorder(r, func(v *vertex) []int { return v.in })
			}
		} else {
			for r := len(l.layers) - 2; r >= 0; r-- {
				l.reorder(r, func(v *vertex) []int { return v.out })
			}
		}
		if c := l.crossings(); c < fewest {
			best, fewest = l.positions(), c
		}
	}
	for v, p := range best {
		l.vertices[v].position = p
	}
	for _, layer := range l.layers {
		slices.SortFunc(layer, func(a, b int) int { return cmp.Compare(best[a], best[b]) })
	}
}

func (l *layout) positions() []int {
	p := make([]int, len(l.vertices))
	for i := range l.vertices {
		p[i] = l.vertices[i].position
	}
	return p
}

func (l *layout) reorder(r int, near func(*vertex) []int) {
	layer := l.layers[r]
	weight := make(map[int]float64, len(layer))
	for _, v := range layer {
		ns := near(&l.vertices[v])
		weight[v] = float64(l.vertices[v].position)
		if len(ns) > 0 {
			sum := 0
			for _, n := range ns {
				sum += l.vertices[n].position
			}
			weight[v] = float64(sum) / float64(len(ns))
		}
	}
	slices.SortStableFunc(layer, func(a, b int) int { return cmp.Compare(weight[a], weight[b]) })
	for i, v := range layer {
		l.vertices[v].position = i
	}
}

// crossings counts the pairs of edges that cross between neighbouring layers,
// as inversions counted in a Fenwick tree.
func (l *layout) crossings() int {
	total := 0
	for r := 0; r+1 < len(l.layers); r++ {
		var ends []int
		for _, v := range l.layers[r] {
			from := len(ends)
			for _, w := range l.vertices[v].out {
				ends = append(ends, l.vertices[w].position)
			}
			slices.Sort(ends[from:])
		}
		tree := make([]int, len(l.layers[r+1])+1)
		for i, p := range ends {
			after := i
			for j := p + 1; j > 0; j -= j & -j {
				after -= tree[j]
			}
			total += after
			for j := p + 1; j < len(tree); j += j & -j {
				tree[j]++
			}
		}
	}
	return total
}
