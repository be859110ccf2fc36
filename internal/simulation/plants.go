package simulation

import (
	"maps"
	"strings"

	"brevdue/internal/keys"
	"brevdue/internal/post"
)

// plantedBug is a bug that is put in, to see that a run finds it.
type plantedBug struct {
	property int    // that it breaks
	what     string // in words
	put      func(w *world, h *worker)
}

// plants are one for each property at least. They stand in front of the ports, so that the stages are as they are.
var plants = func() map[string]plantedBug {
	all := map[string]plantedBug{}
	for _, some := range []map[string]plantedBug{plantedFirst, plantedSending, plantedReceipts, plantedArchiving,
		plantedFilings, plantedTransfers, plantedCancels, plantedCorrections, plantedRestores, plantedDrafts,
		plantedApprovals,
		plantedContainers, plantedRegister, plantedRehearsals} {
		maps.Copy(all, some)
	}
	return all
}()

var plantedFirst = map[string]plantedBug{
	"new-uuid": {1, "a new UUID for each attempt", func(w *world, h *worker) {
		h.send.Letters = changing{h.send.Letters, func(l *post.Letter) {
			if m := l.Current(); m != nil && l.State == post.Sending && l.Tries > 1 && m.Accepted.IsZero() &&
				!strings.HasPrefix(m.UUID, "again") {
				m.UUID, m.Attempts = "again-"+w.newID()+w.newID(), 1
			}
		}}
	}},
	"never-asks": {
		1,
		"after a refusal that may not have been one, a new message is sent without asking",
		func(_ *world, h *worker) {
			h.remedies.Letters = changing{all(h.remedies.Letters), func(l *post.Letter) {
				if l.State == post.Queued && len(l.Messages) == 1 {
					l.Messages = append(
						l.Messages,
						post.Message{UUID: keys.MessageUUID(key, string(l.ID), "", 1), Created: l.Current().Created},
					)
				}
			}}
		},
	},
	"neighbour": {2, "now and then the document of the letter before is sent", func(w *world, h *worker) {
		h.send.Objects = neighbour{h.send.Objects, w}
	}},
	"tick-on-timeout": {
		3,
		"a time-out counts as handed over",
		func(_ *world, h *worker) { h.send.Channel = hopeful{h.send.Channel} },
	},
	"late-status": {3, "a receipt of another kind gives two ticks", func(_ *world, h *worker) {
		h.receipt.Letters = changing{h.receipt.Letters, func(l *post.Letter) {
			if n := len(l.Receipts); n > 0 && l.Receipts[n-1].Status == post.ReceiptReceived {
				l.State = post.Completed
			}
		}}
	}},
	"archived-early": {
		4,
		"a letter is archived when its record could not be stored",
		func(_ *world, h *worker) { h.archive.Objects = forgetful{h.archive.Objects} },
	},
	"late-overwrites": {5, "a late refusal overwrites a completed letter", func(_ *world, h *worker) {
		h.receipt.Letters = changing{h.receipt.Letters, func(l *post.Letter) {
			if n := len(l.Receipts); l.State == post.Completed && n > 0 &&
				l.Receipts[n-1].Status == post.ReceiptInvalid {
				l.State, l.Problem = post.Failed, &post.Problem{Code: post.Refused}
			}
		}}
	}},
	"short-history": {5, "the history keeps its last five lines", func(_ *world, h *worker) {
		h.send.Letters = changing{
			h.send.Letters,
			func(l *post.Letter) { l.History = l.History[max(0, len(l.History)-5):] },
		}
	}},
	"uncounted": {6, "a letter is changed and its count is not", func(w *world, _ *worker) { w.uncounted = true }},
	"person-in-message": {7, "a job carries the recipient's number", func(w *world, h *worker) {
		h.sweep.Queues = naming{h.sweep.Queues, w}
	}},
	"old-copy": {8, "the sender trusts old copies of a letter that was cancelled, and of its shipment",
		func(_ *world, h *worker) {
			h.send.Letters = trusting{h.send.Letters, map[post.LetterID]bool{}}
			h.send.Clearances = clearances{h.send.Clearances, func(c *post.Clearance) { c.Cancels = 0 }}
		}},
	"nobody-sweeps": {9, "a letter whose sender died is never looked at again", func(_ *world, h *worker) {
		h.sweep.DueLetters = blind{h.sweep.DueLetters}
	}},
	"row-lost": {9, "a dead letter is done before its row stands", func(_ *world, h *worker) {
		h.unhandled.Failures = sloppy{h.unhandled.Failures}
	}},
	"receipt-removed-first": {
		9,
		"a receipt is deleted at Digital Post before it is stored",
		func(_ *world, h *worker) { h.receipt.Channel = hasty{h.receipt.Channel} },
	},
	"error-is-final": {
		10,
		"an error answer is treated as final",
		func(_ *world, h *worker) { h.send.Channel = final{h.send.Channel} },
	},
	"stuck-replay": {10, "a replay forgets its job and when to look", func(_ *world, h *worker) {
		h.remedies.Letters = changing{all(h.remedies.Letters), func(l *post.Letter) {
			if l.State == post.Queued {
				l.State = post.Failed
				l.Problem = &post.Problem{Code: post.Unknown}
			}
		}}
	}},
}
