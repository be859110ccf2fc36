package upload

import (
	"context"
	"errors"
	"testing"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/store"
	"brevdue/internal/store/storetest"
)

// meanwhile is an audit log during whose write something else happens.
type meanwhile struct {
	post.Auditor
	do func()
}

func (m meanwhile) Record(ctx context.Context, e post.Entry) error {
	m.do()
	return m.Auditor.Record(ctx, e)
}

// TestSendOfWhatNobodyHasSeen: a Send that meets the end of the split sends nothing, and neither does one that meets an
// Undo.
func TestSendOfWhatNobodyHasSeen(t *testing.T) {
	ctx := context.Background()
	eva := posttest.Person("demo", "eva")
	for _, was := range []post.ShipmentState{post.Splitting, post.InSending, post.InReview} {
		c, s, sh := drafting(t, was)
		audit := c.Audit
		c.Audit = meanwhile{audit, func() {
			_, err := s.Shipments().Change(ctx, "demo", sh.ID, func(x *post.Shipment) error {
				x.State, x.Drafted = post.InReview, true
				x.Sends++ // in the last case it was sent and undone
				return nil
			})
			posttest.Check(t, err)
		}}
		_, err := c.Send(ctx, eva, sh.ID, post.SendOrder{Seen: post.AnyRevision, Window: true})
		if now, _ := s.Shipments().GetAny(ctx, sh.ID); now.State == post.InSending ||
			!errors.Is(err, post.ErrNotInReview) && !errors.Is(err, post.ErrDraftChanged) {
			t.Errorf("sent while it was %s: it is %s, %v", was, now.State, err)
		}
	}
}

// TestCancelBeforeTheFirstLetter: it counts as one, though no letter is there that could be called cancelled.
func TestCancelBeforeTheFirstLetter(t *testing.T) {
	c, _, sh := drafting(t, post.InReview)
	eva := posttest.Person("demo", "eva")
	_, err := c.Send(context.Background(), eva, sh.ID, post.SendOrder{Seen: post.AnyRevision})
	posttest.Check(t, err)
	got, err := c.Cancel(context.Background(), eva, sh.ID)
	if err != nil || got.Cancels != 1 {
		t.Errorf("%d cancels, %v", got.Cancels, err)
	}
}

// reviewed is a review with so many letters, which may be more than the shipment had when it was split.
type reviewed struct {
	post.Reviews
	letters int
}

func (r reviewed) Review(context.Context, *post.Shipment) (*post.Review, error) {
	return &post.Review{Letters: make([]*post.Letter, r.letters)}, nil
}

// TestSendSaysHowManyLettersLeave: as many as the corrected draft has, from the first answer on.
func TestSendSaysHowManyLettersLeave(t *testing.T) {
	ctx := context.Background()
	c, s, sh := drafting(t, post.InReview)
	c.Reviews = reviewed{letters: 4}
	read, err := s.Shipments().GetAny(ctx, sh.ID)
	posttest.Check(t, err)
	posttest.Check(t, s.AddEdit(ctx, read, post.Edit{Do: post.EditCut, Page: 2}))
	got, err := c.Send(ctx, posttest.Person("demo", "eva"), sh.ID, post.SendOrder{Seen: 1})
	posttest.Check(t, err)
	if got.Letters != 4 {
		t.Errorf("it says that %d letters leave", got.Letters)
	}
}

// dated is a review whose letters are old from a moment on.
type dated struct {
	post.Reviews
	from time.Time
}

// OldDates implements post.Reviews.
func (d dated) OldDates(_ context.Context, _ *post.Shipment, leaves time.Time) ([]post.Finding, error) {
	if leaves.Before(d.from) {
		return nil, nil
	}
	return []post.Finding{{Code: post.FindingOldDate, Pages: []int{1}}}, nil
}

// TestC14OldLettersAskFirst: whoever can be asked is, for the time at which the letters leave; and nothing is sent
// until they have answered.
func TestC14OldLettersAskFirst(t *testing.T) {
	ctx, eva := context.Background(), posttest.Person("demo", "eva")
	for name, c := range map[string]struct {
		oldIn, sendIn time.Duration
		asks, want    bool
	}{
		"old now":                       {-time.Hour, 0, true, true},
		"old now, and it has been said": {-time.Hour, 0, false, false},
		"not yet":                       {time.Hour, 0, true, false},
		"old at the time that is meant": {time.Hour, 2 * time.Hour, true, true},
		"not yet at that time":          {3 * time.Hour, 2 * time.Hour, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			commands, s, sh := drafting(t, post.InReview)
			commands.Reviews = dated{from: commands.Now().Add(c.oldIn)}
			how := post.SendOrder{Seen: post.AnyRevision, AskDates: c.asks}
			if c.sendIn > 0 {
				how.At = commands.Now().Add(c.sendIn)
			}
			_, err := commands.Send(ctx, eva, sh.ID, how)
			var wrong post.Mistakes
			asked := errors.As(err, &wrong) && wrong[0].Field == "dates"
			now, _ := s.Shipments().GetAny(ctx, sh.ID)
			if asked != c.want || (now.State == post.InReview) != c.want {
				t.Errorf("asked %v (%v), and it is %s", asked, err, now.State)
			}
		})
	}
}

// drafting has a shipment without letters in a state.
func drafting(t *testing.T, state post.ShipmentState) (*Commands, *store.Store, *post.Shipment) {
	t.Helper()
	c := orderingCommands(t)
	s := store.New(storetest.NewMemory())
	c.Shipments, c.Letters, c.Lists, c.Files, c.Drafts = s.Shipments(), s.Letters(), s.Letters(), s, s
	c.Audit, c.Queues = s.AuditLog(c.Now), &posttest.MemoryQueues{}
	sh, _ := posttest.Shipment(t, "aaaaaaaaaaaa", 3)
	sh.State, sh.Drafted, sh.Version = state, state != post.Splitting, 0
	posttest.Check(t, s.Shipments().Create(context.Background(), sh))
	return c, s, sh
}

// TestWhoMayOnlyWriteSendsNothing: what they hand in waits for somebody who may send it, whatever its order says.
func TestWhoMayOnlyWriteSendsNothing(t *testing.T) {
	for name, grants := range map[string]post.Grants{
		"write":          post.GrantsOf(post.RightWrite),
		"write and send": post.GrantsOf(post.RightWrite, post.RightSend),
	} {
		c := orderingCommands(t)
		s := store.New(storetest.NewMemory())
		c.Shipments, c.Audit = s.Shipments(), s.AuditLog(c.Now)
		who := post.Caller{Org: "demo", Name: "program", Kind: post.ByKey, Grants: grants}
		made, _, err := c.Create(context.Background(), who,
			post.Order{Subject: "Afgørelse", Document: post.FileOrder{Name: "a.pdf"}})
		posttest.Check(t, err)
		if made.Review == grants.May(post.RightSend) {
			t.Errorf("%s: it waits for review: %v", name, made.Review)
		}
	}
}
