package syntax

import "math"

// Kind is what an object is (PDF 7.3).
type Kind uint8

const (
	KindNull Kind = iota
	KindNumber
	KindName
	KindString
	KindHex
	KindArray
	KindDict
	KindRef
	KindKeyword // an operator or keyword
	KindEnd
)

// Object is one PDF object (PDF 7.3). The bytes are those of the file, without delimiters.
type Object struct {
	Kind   Kind
	Num    int      // of a reference
	Raw    []byte   // name, string, number or word as it stands in the file
	Items  []Object // of an array; of a dictionary as key, value, key, value
	Stream *Stream  // behind a dictionary
}

// Stream is the data of a stream object.
type Stream struct {
	Raw             []byte // as it stands in the file
	Num, generation int    // of its object: an encrypted one is unlocked with them
	cut             bool   // the file ends before it does
}

// IsStream reports whether there is a stream behind the dictionary.
func (o Object) IsStream() bool { return o.Stream != nil }

// Number returns the value of a number.
func (o Object) Number() float64 { return parseNumber(o.Raw) }

// Int returns a number without its fraction; one that no file has use for is -1.
func (o Object) Int() int {
	v := parseNumber(o.Raw)
	if v != v || math.Abs(v) > 1<<40 {
		return -1
	}
	return int(v)
}

// Is reports whether the object stands as this word in the file.
func (o Object) Is(word string) bool {
	return string(o.Raw) == word
}

// Get returns the value of a key, or the null object.
func (o *Object) Get(key string) Object {
	if o.Kind == KindDict {
		for i := 0; i+1 < len(o.Items); i += 2 {
			if string(o.Items[i].Raw) == key {
				return o.Items[i+1]
			}
		}
	}
	return Object{}
}

// LargeDict is from how many entries a dictionary is looked up by an index: many pages may share one.
const LargeDict = 64

// Entry returns an entry of a dictionary that may be shared by all pages and list what all of them use.
func (f *File) Entry(o *Object, name []byte) Object {
	if len(o.Items) < 2*LargeDict || o.Kind != KindDict {
		return o.Get(string(name))
	}
	if at, ok := f.IndexOf(o)[string(name)]; ok {
		return o.Items[at+1]
	}
	return Object{}
}

// IndexOf returns where the keys of a large dictionary stand. It is made once for each.
func (f *File) IndexOf(o *Object) map[string]int {
	f.mu.Lock()
	defer f.mu.Unlock()
	first := &o.Items[0]
	if index := f.parsed.indexes[first]; index != nil {
		return index
	}
	index := make(map[string]int, len(o.Items)/2)
	for i := len(o.Items)/2*2 - 2; i >= 0; i -= 2 { // the first of two counts
		index[string(o.Items[i].Raw)] = i
	}
	if len(f.parsed.indexes) < keptObjects {
		f.parsed.indexes[first] = index
	}
	return index
}

// HasDuplicateKey reports whether a dictionary has a key twice: readers differ in which they take.
func (o *Object) HasDuplicateKey() bool {
	for i := 0; i+1 < len(o.Items) && i < 128; i += 2 {
		for k := 0; k < i; k += 2 {
			if string(o.Items[k].Raw) == string(o.Items[i].Raw) {
				return true
			}
		}
	}
	return false
}

// Item returns an element of an array, or the null object.
func (o Object) Item(i int) Object {
	if o.Kind == KindArray && i >= 0 && i < len(o.Items) {
		return o.Items[i]
	}
	return Object{}
}

// parseNumber reads what PDF 7.3.3 allows, and no exponents.
func parseNumber(b []byte) float64 {
	negative, i := false, 0
	if i < len(b) && (b[i] == '-' || b[i] == '+') {
		negative = b[i] == '-'
		i++
	}
	v := 0.0
	for ; i < len(b) && b[i] >= '0' && b[i] <= '9'; i++ {
		v = v*10 + float64(b[i]-'0')
	}
	if i < len(b) && b[i] == '.' {
		f := 0.1
		for i++; i < len(b) && b[i] >= '0' && b[i] <= '9'; i++ {
			v += float64(b[i]-'0') * f
			f *= 0.1
		}
	}
	if negative {
		return -v
	}
	return v
}

// Name returns a name object.
func Name(s string) Object { return Object{Kind: KindName, Raw: []byte(s)} }
