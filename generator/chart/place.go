package chart

// place gives every vertex its coordinate across the layers, such that no two
// of a layer are nearer than apart allows and each is as near as that lets it
// be to the mean of its neighbours. It returns the extent used.
func (l *layout) place(size func(v *vertex) float64, gap float64) float64 {
	for _, layer := range l.layers {
		at := 0.0
		for _, v := range layer {
			w := size(&l.vertices[v])
			l.vertices[v].at = at + w/2
			at += w + gap
		}
	}
	for i := range sweeps {
		if i%2 == 0 {
			for r := 1; r < len(l.layers); r++ {
				l.pull(r, true, size, gap)
			}
		} else {
			for r := len(l.layers) - 2; r >= 0; r-- {
				l.pull(r, false, size, gap)
			}
		}
	}
	// The first layers have only been pulled from one side: one last balance.
	for r := range l.layers {
		l.pull(r, r > 0, size, gap)
	}
	return l.shift(size)
}

// pull moves a layer towards its neighbours. Keeping the order and the
// distances while staying closest to the wished places in the sense of least
// squares is isotonic regression: with each vertex's own offset subtracted the
// places must not decrease, which pooling adjacent violators solves exactly.
func (l *layout) pull(r int, before bool, size func(v *vertex) float64, gap float64) {
	type pool struct {
		sum   float64
		count int
	}
	layer := l.layers[r]
	offsets := make([]float64, len(layer))
	pools := make([]pool, 0, len(layer))
	for i, id := range layer {
		v := &l.vertices[id]
		if i > 0 {
			offsets[i] = offsets[i-1] + (size(&l.vertices[layer[i-1]])+size(v))/2 + gap
		}
		pools = append(pools, pool{l.wish(v, before) - offsets[i], 1})
		for n := len(pools); n > 1 && pools[n-2].sum*float64(pools[n-1].count) > pools[n-1].sum*float64(pools[n-2].count); n-- {
			pools[n-2].sum += pools[n-1].sum
			pools[n-2].count += pools[n-1].count
			pools = pools[:n-1]
		}
	}
	i := 0
	for _, p := range pools {
		for range p.count {
			l.vertices[layer[i]].at = p.sum/float64(p.count) + offsets[i]
			i++
		}
	}
}

// wish is where a vertex would best be: the mean of its neighbours on one
// side, else where it is.
func (l *layout) wish(v *vertex, before bool) float64 {
	near := v.out
	if before {
		near = v.in
	}
	if len(near) == 0 {
		return v.at
	}
	sum := 0.0
	for _, n := range near {
		sum += l.vertices[n].at
	}
	return sum / float64(len(near))
}

// shift moves everything so that the lowest edge is at 0 and returns the highest.
func (l *layout) shift(size func(v *vertex) float64) float64 {
	low, high := 0.0, 0.0
	for i := range l.vertices {
		v := &l.vertices[i]
		half := size(v) / 2
		if i == 0 {
			low, high = v.at-half, v.at+half
		}
		low, high = min(low, v.at-half), max(high, v.at+half)
	}
	for i := range l.vertices {
		l.vertices[i].at -= low
	}
	return high - low
}
