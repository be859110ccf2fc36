package portal

import (
	"context"
	"errors"
	"testing"

	"brevdue/internal/ident"
	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
)

// TestNamesOfARecipientListInUbehandlet: a row says who the list says it is for, until somebody has corrected it.
func TestNamesOfARecipientListInUbehandlet(t *testing.T) {
	d := newCommands(t)
	ctx := context.Background()
	s, all := posttest.Shipment(t, "aaaaaaaaaaaa", 2)
	s.FannedOut, s.Drafted, s.Version, s.TypedNames = true, true, 0, []string{"Tove Tastet", "Bo Byttet"}
	for i, l := range all {
		l.ID = post.DraftLetterID(s.ID, 1, 1, i+1)
		s.TypedRecipients = append(s.TypedRecipients, l.Recipient)
		posttest.Check(t, l.Queue(posttest.Now))
		refused(l)
		if l.Number = i + 1; i == 1 {
			l.Recipient = ident.Number{} // somebody has corrected it: it is not for whom the list says
		}
	}
	posttest.Check(t, d.store.Shipments().Create(ctx, s))
	posttest.Check(t, d.store.Letters().Create(ctx, &post.Shipment{}, all))
	for _, l := range all {
		posttest.Check(t, errors.Join(d.unhandled.DeadLetters(post.SendQueue)(ctx,
			[]post.Job{{Org: "demo", Letter: l.ID, Code: l.Problem.Code}})...))
	}
	d.shows("/log/ubehandlet", "Tove Tastet", "-Bo Byttet")
}
