package syntax

// Find returns where in a text something stands that must go.
type Find func(text string) [][2]int

// Redaction is content without what was found in it: it takes the place of a file's own.
type Redaction struct {
	Pages map[int][]byte // content by page
	Forms map[int][]byte // content by the object number of a form
	Find  Find           // strings in which it finds something are emptied
}
