package simulation

import (
	"context"

	"brevdue/internal/post"
)

var plantedTransfers = map[string]plantedBug{
	"transfer-unasked": {4, "after a lost answer of an archive outside it is not asked what it has",
		func(_ *world, h *worker) { h.archive.Archives = outsideWith(h.archive.Archives, unlisted) }},
	"transfer-of-another": {4, "now and then a letter is put into an archive outside with its neighbour's document",
		func(w *world, h *worker) {
			h.archive.Archives = outsideWith(h.archive.Archives, func(a post.Archive) post.Archive {
				return mixedUp{a, w}
			})
		}},
	"transfer-two-cases": {4, "it is not known that a case in an archive outside may have been made",
		func(_ *world, h *worker) { h.archive.Transfers = forgetfulCases{h.archive.Transfers} }},
	"transfer-asleep": {9, "what comes of a letter after it was put into an archive outside does not go there",
		func(_ *world, h *worker) {
			h.archive.Transfers = asleep{h.archive.Transfers}
			h.sweep.Transfers = asleep{h.sweep.Transfers}
		}},
}

func outsideWith(open post.OpenArchive, with func(post.Archive) post.Archive) post.OpenArchive {
	return func(ctx context.Context, org, id string) (post.Archive, post.ArchiveConnection, error) {
		a, c, err := open(ctx, org, id)
		return with(a), c, err
	}
}

// neverFinds is an archive that says it has nothing.
type neverFinds struct{ post.Archive }

func unlisted(a post.Archive) post.Archive { return neverFinds{a} }

// Find implements post.Archive.
func (neverFinds) Find(context.Context, post.CaseRef, post.LetterID) (map[post.DocumentID]string, error) {
	return nil, nil
}

// File implements post.Archive: whatever it says, the next try begins anew.
func (n neverFinds) File(ctx context.Context, c post.CaseRef, d post.OutgoingDocument, o post.Once) (string, error) {
	ref, err := n.Archive.File(ctx, c, d, o)
	if err != nil {
		err = post.ErrNotMade
	}
	return ref, err
}

// mixedUp takes another letter's document now and then.
type mixedUp struct {
	post.Archive
	w *world
}

// File implements post.Archive.
func (m mixedUp) File(ctx context.Context, c post.CaseRef, d post.OutgoingDocument, o post.Once) (string, error) {
	if d.Kind == post.LetterDocument && m.w.rng.IntN(4) == 0 {
		d.Content = m.w.document.segments[m.w.rng.IntN(len(m.w.document.segments))].pdf
	}
	return m.Archive.File(ctx, c, d, o)
}

// allTransfers is embedded under another name than that of its method.
type allTransfers = post.Transfers

// forgetfulCases knows a case when it was found, and nothing before.
type forgetfulCases struct{ allTransfers }

// ChangeTransferCase implements post.Transfers.
func (f forgetfulCases) ChangeTransferCase(ctx context.Context, org, archive, key string,
	change func(*post.TransferCase) error) (*post.TransferCase, error) {
	return f.allTransfers.ChangeTransferCase(ctx, org, archive, key, func(c *post.TransferCase) error {
		c.Step = post.Step{}
		return change(c)
	})
}

// asleep lets nothing wake what was put into an archive outside.
type asleep struct{ allTransfers }

// ChangeTransfer implements post.Transfers.
func (s asleep) ChangeTransfer(ctx context.Context, org string, k post.TransferKey,
	change func(*post.Transfer) error) (*post.Transfer, error) {
	return s.allTransfers.ChangeTransfer(ctx, org, k, func(t *post.Transfer) error {
		if t.State == post.Transferred {
			return post.ErrUnchanged
		}
		return change(t)
	})
}
