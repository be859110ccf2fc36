package post

import (
	"context"
	"strings"
)

// Queue names a queue between two stages; its dead letters lie in Queue.Dead(). Queues carry keys, never people
// (data.md).
type Queue string

// The queues, in the order of the way.
const (
	SplitQueue   Queue = "split"
	SendQueue    Queue = "send"
	ArchiveQueue Queue = "archive"
	ReceiptQueue Queue = "receipt" // letters whose receipt is missing: Digital Post is asked
	BulkQueue    Queue = "bulk"    // rows of Ubehandlet, many at once
)

// WorkQueues are the queues that have dead letters.
var WorkQueues = []Queue{SplitQueue, SendQueue, ArchiveQueue, ReceiptQueue, BulkQueue}

// Dead returns the queue of the dead letters.
func (q Queue) Dead() Queue { return q + "-dead" }

// Job is a message on a queue. One of its fields says what it is about.
type Job struct {
	Org       string   `json:"org,omitempty"`       // whose it is, so that one organization does not hold up the others
	Object    string   `json:"object,omitempty"`    // split: an upload is complete under this key
	Shipment  string   `json:"shipment,omitempty"`  // split: queue the letters of this shipment
	Letter    LetterID `json:"letter,omitempty"`    // send, archive, receipt
	Container string   `json:"container,omitempty"` // send: many letters at once
	LookUp    string   `json:"lookUp,omitempty"`    // send: who of this shipment's recipients is enrolled
	Check     string   `json:"check,omitempty"`     // send: try the connection
	Bulk      string   `json:"bulk,omitempty"`      // bulk
	Archive   string   `json:"archive,omitempty"`   // archive: into this one outside Brevdue
	Code      Code     `json:"code,omitempty"`      // in a dead letter: why; "" when the work itself broke down
}

// UploadArrived is the job of an upload that is complete: its key says whose it is, uploads/<org>/<shipment>/<part>.
func UploadArrived(key string) Job {
	j := Job{Object: key}
	if parts := strings.Split(key, "/"); len(parts) == 4 && parts[0] == "uploads" {
		j.Org = parts[1]
	}
	return j
}

// LettersOf returns the letters of jobs, each once: a queue may hand out a job twice.
func LettersOf(jobs []Job) []LetterID {
	var ids []LetterID
	seen := map[LetterID]bool{}
	for _, j := range jobs {
		if !seen[j.Letter] {
			seen[j.Letter] = true
			ids = append(ids, j.Letter)
		}
	}
	return ids
}

// MaxReceives is how often a job fails before it is a dead letter. Waiting is not a retry: this counts crashes and
// poison only (data.md).
const MaxReceives = 5

// Queues takes jobs. A job is durable when Send returns; it may be delivered more than once.
type Queues interface {
	Send(ctx context.Context, q Queue, jobs ...Job) error
	// Return puts a message back as it came.
	Return(ctx context.Context, m DeadMessage) error
}
