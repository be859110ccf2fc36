package syntax

// EachName walks a name tree (PDF 7.9.6).
func (d *Document) EachName(node Object, f func(key []byte, value Object)) {
	d.eachPair(node, "Names", map[int]bool{}, 0, func(key, value Object) {
		f(AppendString(nil, d.Resolve(key)), value)
	})
}

// EachNumber walks a number tree (PDF 7.9.7).
func (d *Document) EachNumber(node Object, f func(key int, value Object)) {
	d.eachPair(node, "Nums", map[int]bool{}, 0, func(key, value Object) { f(d.Resolve(key).Int(), value) })
}

// eachPair calls f with the pairs in the leaves of a tree.
func (d *Document) eachPair(node Object, leaf string, seen map[int]bool, depth int, f func(key, value Object)) {
	if node.Kind == KindRef && seen[node.Num] || depth > TreeDepth {
		return
	}
	seen[node.Num] = true
	o := d.Resolve(node)
	pairs := d.Resolve(o.Get(leaf))
	for i := 0; i+1 < len(pairs.Items); i += 2 {
		f(pairs.Items[i], pairs.Items[i+1])
	}
	for _, kid := range d.Resolve(o.Get("Kids")).Items {
		if kid.Kind == KindRef {
			d.eachPair(kid, leaf, seen, depth+1, f)
		}
	}
}
