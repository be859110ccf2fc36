package syntax

// ResourceNames is a set of resource names, each with the category that it is looked up in (PDF 7.8.3): a font and a
// form may go by the same name.
type ResourceNames struct {
	few  [][]byte        // the sign of the category first
	many map[string]bool // of all, from manyNames on
	key  []byte
	All  bool // what is named cannot be told: all of them are
}

const manyNames = 24

// Add adds a name of a category.
func (n *ResourceNames) Add(c Category, name []byte) {
	if !n.Has(c, name) {
		n.Adopt(append([]byte(nil), n.key...))
	}
}

// Adopt adds a name with its sign.
func (n *ResourceNames) Adopt(key []byte) {
	n.few = append(n.few, key)
	if len(n.few) < manyNames {
		return
	}
	if n.many == nil {
		n.many = map[string]bool{}
	}
	if len(n.many) == 0 {
		for _, f := range n.few {
			n.many[string(f)] = true
		}
	}
	n.many[string(key)] = true
}

// Has reports whether a name of a category is in the set.
func (n *ResourceNames) Has(c Category, name []byte) bool {
	if n.All {
		return true
	}
	n.key = append(append(n.key[:0], byte(c)), name...)
	if len(n.few) >= manyNames {
		return n.many[string(n.key)]
	}
	for _, f := range n.few {
		if string(f) == string(n.key) {
			return true
		}
	}
	return false
}

// Clear empties the set.
func (n *ResourceNames) Clear() {
	n.few, n.All = n.few[:0], false
	clear(n.many)
}

// Clone is for one goroutine: Has writes its key.
func (n *ResourceNames) Clone() *ResourceNames {
	return &ResourceNames{few: n.few, many: n.many, All: n.All}
}

// Keys returns the names, each with the sign of its category before it.
func (n *ResourceNames) Keys() [][]byte { return n.few }
