package post

import "context"

// What travels between the stages, in order. Queues carry keys, never people (data.md).

// Queue names a queue; its dead letters lie in Queue.Dead().
type Queue string

// The queues, in the order of the way.
const (
	SplitQueue   Queue = "split"
	SendQueue    Queue = "send"
	ArchiveQueue Queue = "archive"
	ReceiptQueue Queue = "receipt" // letters whose receipt is missing: Digital Post is asked
)

// WorkQueues are the queues that have dead letters.
var WorkQueues = []Queue{SplitQueue, SendQueue, ArchiveQueue, ReceiptQueue}

// Dead returns the queue of the dead letters.
func (q Queue) Dead() Queue { return q + "-dead" }

// Errand is a message on a queue. One of its fields says what it is about.
type Errand struct {
	Org      string   `json:"org,omitempty"`      // whose it is, so that one organization does not hold up the others
	Object   string   `json:"object,omitempty"`   // split: an upload is complete under this key
	Shipment string   `json:"shipment,omitempty"` // split: queue the letters of this shipment
	Letter   LetterID `json:"letter,omitempty"`   // send, archive, receipt
	Code     Code     `json:"code,omitempty"`     // in a dead letter: why; "" when the work itself broke down
}

// Handler does errands and returns one error for each, nil for those that are done.
type Handler func(ctx context.Context, errands []Errand) []error

// Each does errands together, and what failed then once more alone: one that fails, or panics, takes none of the others
// with it.
func (h Handler) Each(ctx context.Context, errands []Errand) []error {
	errs := h.safely(ctx, errands)
	for i, e := range errands {
		if errs[i] != nil && len(errands) > 1 && ctx.Err() == nil {
			errs[i] = h.safely(ctx, []Errand{e})[0]
		}
	}
	return errs
}

// safely turns a panic into an error of every errand in hand.
func (h Handler) safely(ctx context.Context, errands []Errand) (errs []error) {
	if len(errands) == 0 {
		return nil
	}
	var panicked error
	defer func() {
		if panicked != nil {
			errs = make([]error, len(errands))
			for i := range errs {
				errs[i] = panicked
			}
		}
	}()
	defer Recover(&panicked)
	return h(ctx, errands)
}

// LettersOf returns the letters of errands, each once: a queue may hand out an errand twice.
func LettersOf(errands []Errand) []LetterID {
	var ids []LetterID
	seen := map[LetterID]bool{}
	for _, e := range errands {
		if !seen[e.Letter] {
			seen[e.Letter] = true
			ids = append(ids, e.Letter)
		}
	}
	return ids
}

// MaxReceives is how often an errand fails before it is a dead letter. Waiting is not a retry: this counts crashes and
// poison only (data.md).
const MaxReceives = 5
