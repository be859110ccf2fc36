package store

import "brevdue/internal/post"

// rehearsalBody is what would have happened to a shipment.
type rehearsalBody struct {
	By         string          `json:"by"`
	At         stamp           `json:"at"`
	Ended      stamp           `json:"ended,omitempty"`
	Leave      int             `json:"leave,omitempty"`
	Containers int             `json:"containers,omitempty"`
	Approval   bool            `json:"approval,omitempty"`
	OverLimit  bool            `json:"overLimit,omitempty"`
	Held       []post.HeldBack `json:"held,omitempty"`
	Dropped    int             `json:"dropped,omitempty"`
	Check      string          `json:"check,omitempty"`
}

func rehearsalBodyOf(r *post.Rehearsal) *rehearsalBody {
	if r == nil {
		return nil
	}
	return &rehearsalBody{r.By, stampOf(r.At), stampOf(r.Ended), r.Leave, r.Containers, r.Approval, r.OverLimit,
		r.Held, r.Dropped, r.Check}
}

func (b *rehearsalBody) rehearsal() *post.Rehearsal {
	if b == nil {
		return nil
	}
	return &post.Rehearsal{By: b.By, At: b.At.time(), Ended: b.Ended.time(), Leave: b.Leave, Containers: b.Containers,
		Approval: b.Approval, OverLimit: b.OverLimit, Held: b.Held, Dropped: b.Dropped, Check: b.Check}
}
