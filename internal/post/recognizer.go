package post

import "context"

// Recognizer reads pictures of text. What it reads is a guess: a machine takes a 6 for an 8. It is shown to a person,
// who can take it over, and it is never used by itself.
type Recognizer interface {
	// Recognize returns the text on the only page of a PDF.
	Recognize(ctx context.Context, page []byte) (string, error)
}
