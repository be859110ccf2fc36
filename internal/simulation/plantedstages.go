package simulation

import (
	"slices"

	"brevdue/internal/keys"
	"brevdue/internal/post"
	"brevdue/internal/sentence"
)

// What an attack on the stages once found to be missed (each a small change that no run noticed), and more of the kind.

var plantedSending = map[string]plantedBug{
	"find-error": {1, "an error of the question counts as \"not known\"", func(_ *world, h *worker) {
		h.send.Channel = sure{h.send.Channel}
	}},
	"way-of-now": {1, "a message that was not answered goes on by the system that its organization has now",
		func(w *world, h *worker) { h.send.Channel = ofNow{h.send.Channel, w} }},
	"former-unasked": {1, "a letter is asked about only where its organization sends by now",
		func(w *world, h *worker) { h.send.Channel = hereAlone{h.send.Channel, h.send.Ways, w.post} }},
	"duplicate-is-success": {3, "\"duplicate\" counts as success, unasked", func(_ *world, h *worker) {
		h.send.Channel = trustful{h.send.Channel}
	}},
	"no-lease": {1, "a letter that is being tried is tried by others too", func(_ *world, h *worker) {
		h.send.Letters = unleased{h.send.Letters}
	}},
	"renewed-unanswered": {1, "a replay makes a new UUID while an attempt is unanswered", func(_ *world, h *worker) {
		h.remedies.Letters = altering{all(h.remedies.Letters), func(was, l *post.Letter) bool {
			renew := was.State.NotSent() && l.State == post.Queued && len(was.Messages) == len(l.Messages) &&
				l.Current() != nil && l.Current().Unanswered()
			if renew {
				l.Messages = append(
					l.Messages,
					post.Message{UUID: keys.MessageUUID(key, string(l.ID), "", len(l.Messages)),
						Created: l.Current().Created},
				)
			}
			return renew
		}}
	}},
	"old-answer": {3, "a late answer to an old message ticks the new one", func(_ *world, h *worker) {
		h.send.Letters = altering{h.send.Letters, func(was, l *post.Letter) bool {
			for i := range was.Messages {
				old := i < len(l.Messages)-1 && was.Messages[i].Digest == "" && l.Messages[i].Digest != ""
				if m := l.Current(); old && l.State == post.Sending {
					m.Accepted, l.State = l.Messages[i].Accepted, post.HandedOver
					return true
				}
			}
			return false
		}}
	}},
	"stop-once": {8, "stop is not asked about again at the last moment", func(_ *world, h *worker) {
		h.send.Clearances = clearances{h.send.Clearances, func(c *post.Clearance) { c.Stop = nil }}
	}},
	"upload-unswept": {9, "an upload whose event never came is not looked for", func(_ *world, h *worker) {
		h.sweep.Uploads = unseen{h.sweep.Uploads}
	}},
	"audit-ignored": {8, "what could not be put into the audit log is done all the same", func(_ *world, h *worker) {
		h.commands.Audit, h.remedies.Audit, h.corrections.Audit, h.organization.Audit = careless{h.commands.Audit},
			careless{h.remedies.Audit}, careless{h.corrections.Audit}, careless{h.organization.Audit}
	}},
	"bulk-unswept": {9, "a replay of many rows whose job was lost is not looked for", func(_ *world, h *worker) {
		h.sweep.DueBulks = noBulks{}
	}},
	"bulk-uncancelled": {8, "a replay of many rows forgets which cancels it knew", func(w *world, h *worker) {
		h.remedies.Bulks = forgetting{h.remedies.Bulks, w}
	}},
	"no-notice": {9, "rows stand in Ubehandlet, and nobody is told", func(_ *world, h *worker) {
		h.unhandled.Notices = silent{h.unhandled.Notices}
	}},
}

// receipts plants a bug that changes letters after a receipt.
func receipts(also func(was, l *post.Letter) bool) func(*world, *worker) {
	return func(_ *world, h *worker) { h.receipt.Letters = altering{h.receipt.Letters, also} }
}

// added reports whether a change has added a line to a letter's history.
func added(was, l *post.Letter, what post.EventCode) bool {
	return slices.ContainsFunc(l.History[len(was.History):], func(e post.Event) bool { return e.What == what })
}

var plantedReceipts = map[string]plantedBug{
	"stray-ticks": {3, "a receipt under a foreign UUID gives two ticks", func(w *world, h *worker) {
		h.receipt.Channel = kind{h.receipt.Channel, w}
	}},
	"strays-lost": {9, "a receipt that belongs to nobody is not kept", func(_ *world, h *worker) {
		h.receipt.Orphans = forgettingOrphans{h.receipt.Orphans}
	}},
	"rows-stay": {9, "rows of letters that have completed stay open", func(_ *world, h *worker) {
		h.receipt.Failures, h.unhandled.Failures = staying{h.receipt.Failures}, staying{h.unhandled.Failures}
	}},
	"refused-once": {10, "a letter that was refused by receipt cannot be sent again",
		receipts(func(was, l *post.Letter) bool {
			m := l.Current()
			late := m != nil && m.RefusedLater && added(was, l, post.WasRefused)
			if late {
				m.RefusedLater = false
			}
			return late
		})},
	"completed-ignored": {9, "COMPLETED after a refusal is ignored", receipts(func(was, l *post.Letter) bool {
		ignored := was.State.NotSent() && l.State == post.Completed
		if ignored {
			l.State, l.Problem, l.Reported, l.Archiving, l.Due, l.Lease = was.State, was.Problem, was.Reported,
				was.Archiving, was.Due,
				was.Lease
		}
		return ignored
	})},
	"before-correction": {3, "a receipt of before a correction ticks the letter as it is now",
		receipts(func(was, l *post.Letter) bool {
			ticked := added(was, l, post.LateDelivery) && l.State != post.Cancelled
			if ticked {
				l.State, l.Problem, l.Due = post.Completed, nil, l.History[len(l.History)-1].At.Add(
					post.ProductionTimings.CheckAfter,
				)
			}
			return ticked
		})},
	"late-refusal-silent": {9, "a refusal after two ticks is a line of history, and nobody is told",
		receipts(func(was, l *post.Letter) bool {
			silenced := l.Doubt != nil
			l.Doubt = nil
			return silenced
		})},
}

var plantedArchiving = map[string]plantedBug{
	"old-record": {
		4,
		"a letter that completes after a failure keeps its record",
		receipts(func(was, l *post.Letter) bool {
			kept := was.State.NotSent() && l.State == post.Completed
			if kept {
				l.Archiving = was.Archiving
			}
			return kept
		}),
	},
	"late-refusal-unfiled": {4, "a refusal after two ticks is not filed", receipts(func(was, l *post.Letter) bool {
		unfiled := was.Doubt == nil && l.Doubt != nil
		if unfiled {
			l.Archiving = was.Archiving
		}
		return unfiled
	})},
	"misfiled": {4, "now and then another letter's document is filed", func(w *world, h *worker) {
		h.archive.Objects = misfiling{h.archive.Objects, w}
	}},
	"receipts-unfiled": {4, "records have no receipts", func(_ *world, h *worker) {
		h.archive.Letters = receiptless{h.archive.Letters}
	}},
	"any-edition": {4, "a record that was written before the letter moved on counts", func(_ *world, h *worker) {
		h.archive.Letters = anyEdition{h.archive.Letters}
	}},
}

var plantedCancels = map[string]plantedBug{
	"cancel-unanswered": {8, "a letter is called cancelled while an attempt is unanswered", func(_ *world, h *worker) {
		h.commands.Letters = altering{all(h.commands.Letters), func(was, l *post.Letter) bool {
			m := l.Current()
			forced := (l.State == post.Queued || l.State == post.Sending) && m != nil && m.Unanswered()
			if forced {
				l.State = post.Cancelled
				l.Note(was.Due, post.WasCancelled, secretary.Name)
			}
			return forced
		}}
	}},
	"withdrawn-unanswered": {8, "a sender calls a letter cancelled whose attempt before is unanswered",
		func(_ *world, h *worker) {
			h.send.Letters = altering{h.send.Letters, func(was, l *post.Letter) bool {
				n := len(l.History)
				forced := n > len(was.History) &&
					sentence.Sentence(l.History[n-1].Note).Code() == "cancelled-answer-missing"
				if forced {
					l.State = post.Cancelled
					l.Note(was.Due, post.WasCancelled, secretary.Name)
				}
				return forced
			}}
		}},
	"door-open": {8, "cancel is not asked about at the last moment", func(_ *world, h *worker) {
		h.send.Clearances = clearances{h.send.Clearances, func(c *post.Clearance) { c.Cancels = 0 }}
	}},
	"cancel-again": {8, "a letter that was sent again after the cancel is cleaned up, too", func(_ *world, h *worker) {
		h.split.Letters = altering{h.split.Letters, func(was, l *post.Letter) bool {
			again := l.Cancels > 0 && l.State == post.Queued
			return again && l.Cancel(was.Due, secretary.Name) == nil
		}}
	}},
	"cancel-nameless": {8, "nobody knows who has cancelled", func(_ *world, h *worker) {
		h.commands.Shipments = nameless{h.commands.Shipments}
	}},
	"cancel-undone": {8, "the split queues a letter that was cancelled meanwhile", func(_ *world, h *worker) {
		h.split.Letters = reviving{h.split.Letters}
	}},
}

// corrections plants a bug that changes letters after a correction.
func corrections(also func(was, l *post.Letter)) func(*world, *worker) {
	return func(_ *world, h *worker) {
		h.corrections.Letters = altering{all(h.corrections.Letters), func(was, l *post.Letter) bool {
			corrected := added(was, l, post.WasCorrected)
			if corrected {
				also(was, l)
			}
			return corrected
		}}
	}
}

var plantedCorrections = map[string]plantedBug{
	"correct-unasked": {1, "a correction does not ask first", func(_ *world, h *worker) {
		h.corrections.Channel = unasked{h.corrections.Channel}
	}},
	"correct-same-uuid": {3, "a corrected letter keeps its UUID", corrections(func(was, l *post.Letter) {
		if n := len(was.Messages); n > 0 {
			l.Messages = append(
				l.Messages[:n-1],
				post.Message{UUID: was.Messages[n-1].UUID, Created: l.Current().Created},
			)
		}
	})},
	"correct-in-vain": {2, "a correction forgets the recipient that was typed",
		corrections(func(was, l *post.Letter) {
			l.Recipient = was.Recipient
		})},
}

var plantedRestores = map[string]plantedBug{
	"restored-unasked": {1, "letters of before a restoration are posted unasked", func(w *world, h *worker) {
		h.send.Restored = released{w}
	}},
	"restored-corrected": {
		1,
		"what was corrected and sent after the backup is not asked about",
		func(w *world, h *worker) {
			h.send.Channel = narrow{h.send.Channel, w}
		},
	},
	"restored-unheld": {8, "letters leave a restored table before it is resumed", func(w *world, h *worker) {
		h.send.Restored = hurried{w}
	}},
	"receipt-unknown": {
		9,
		"a receipt of a message that was sent after the backup is put aside",
		func(_ *world, h *worker) {
			h.receipt.UUIDKey = nil
		},
	},
	"restored-cancel": {8, "what may have left since the backup is called cancelled", func(_ *world, h *worker) {
		h.commands.Restored, h.split.Restored = nil, nil
	}},
}
