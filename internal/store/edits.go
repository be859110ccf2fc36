package store

import "brevdue/internal/post"

// editBody is a correction of the review in the table.
type editBody struct {
	Do        post.EditKind `json:"do"`
	Page      int           `json:"page"`
	Recipient *numberBody   `json:"recipient,omitempty"`
	By        string        `json:"by"`
	At        stamp         `json:"at"`
}

func editBodies(edits []post.Edit) []editBody {
	var bodies []editBody
	for _, e := range edits {
		b := editBody{Do: e.Do, Page: e.Page, By: e.By, At: stampOf(e.At)}
		if !e.Recipient.IsZero() {
			b.Recipient = &numberBody{e.Recipient}
		}
		bodies = append(bodies, b)
	}
	return bodies
}

func plainEdits(bodies []editBody) []post.Edit {
	var edits []post.Edit
	for _, b := range bodies {
		e := post.Edit{Do: b.Do, Page: b.Page, By: b.By, At: b.At.time()}
		if b.Recipient != nil {
			e.Recipient = b.Recipient.Number
		}
		edits = append(edits, e)
	}
	return edits
}

// unlessEmpty returns nil for a value that says nothing, so that it takes no room.
func unlessEmpty[T comparable](v T) *T {
	var empty T
	if v == empty {
		return nil
	}
	return &v
}

func orEmpty[T any](v *T) T {
	if v == nil {
		var empty T
		return empty
	}
	return *v
}
