package entity

import (
	"slices"
	"strings"
)

// Catalog is every entity of a portal, indexed. It is immutable and safe for
// concurrent use; callers do not change what it returns.
type Catalog struct {
	entities []*Entity
	byKey    map[string]*Entity
	byKind   map[string][]*Entity
}

// NewCatalog indexes entities, which must have distinct refs; of two with the
// same ref the first stays. It sorts them by ref.
func NewCatalog(entities []*Entity) *Catalog {
	c := &Catalog{byKey: make(map[string]*Entity, len(entities)), byKind: map[string][]*Entity{}}
	for _, e := range entities {
		if k := e.Ref().Key(); c.byKey[k] == nil {
			c.byKey[k] = e
			c.entities = append(c.entities, e)
		}
	}
	slices.SortFunc(c.entities, func(a, b *Entity) int { return a.Ref().Compare(b.Ref()) })
	for _, e := range c.entities {
		k := strings.ToLower(e.Kind)
		c.byKind[k] = append(c.byKind[k], e)
	}
	return c
}

// All returns every entity, sorted by ref.
func (c *Catalog) All() []*Entity { return c.entities }

// Get returns the entity a ref names, or nil.
func (c *Catalog) Get(r Ref) *Entity { return c.byKey[r.Key()] }

// Kind returns the entities of a kind (any case), sorted by ref.
func (c *Catalog) Kind(kind string) []*Entity { return c.byKind[strings.ToLower(kind)] }

// Kinds returns the kinds present, in lower case, sorted.
func (c *Catalog) Kinds() []string {
	out := make([]string, 0, len(c.byKind))
	for k := range c.byKind {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// Related returns the entities that e's relations of one type lead to, sorted
// by ref, leaving out targets that do not exist.
func (c *Catalog) Related(e *Entity, relation string) []*Entity {
	var out []*Entity
	for _, t := range e.Targets(relation) {
		if x := c.Get(t); x != nil {
			out = append(out, x)
		}
	}
	return out
}

// Owner returns the group or user that owns e, or nil.
func (c *Catalog) Owner(e *Entity) *Entity {
	if o := c.Related(e, OwnedBy); len(o) > 0 {
		return o[0]
	}
	return nil
}
