package portal

import (
	"cmp"
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"time"

	"brevdue/internal/post"
)

// kvitteringPage is a receipt as a person reads and prints it.
type kvitteringPage struct {
	S           *post.Shipment
	Letter      letterLine
	Subject     string
	Sender      string
	HandedOver  time.Time // zero where nobody knows
	Received    time.Time
	Available   string
	UUID        string
	Fingerprint string
	Intact      bool
	Environment string // "" for production
	ApprovedBy  string
}

// showKvittering shows the receipt of a letter.
func (p *Portal) showKvittering(v *visit) error {
	s, l, err := p.receipted(v)
	if err != nil {
		return err
	}
	r := l.Receipts[len(l.Receipts)-1]
	k := kvitteringPage{S: s, Letter: lineOf(l, true), Subject: cmp.Or(l.Subject, s.Subject), Received: r.Received,
		Sender: s.Sender.Name + ", CVR " + s.Sender.Number.Reveal(), Available: availability(s, l),
		UUID: r.UUID, Fingerprint: r.SHA256, Intact: r.Verify(), ApprovedBy: s.ApprovedBy}
	if s.Environment != post.Production {
		k.Environment = environmentName(s.Environment)
	}
	for _, e := range l.History {
		if e.What == post.WasHandedOver || e.What == post.WasFound {
			k.HandedOver = e.At
		}
	}
	if k.Letter.Name, err = p.nameIn(v, s, l); err != nil {
		return err
	}
	return p.show(v, http.StatusOK, "kvittering", "log", "Kvittering – "+k.Subject, k)
}

// receipted is the letter of the address, which has a receipt. That it is seen is in the audit log.
func (p *Portal) receipted(v *visit) (*post.Shipment, *post.Letter, error) {
	s, l, err := p.letterOfAddress(v)
	if err == nil {
		err = p.Audit.Record(v.Context(), v.who.Did(post.ActSee, l.ID.Shipment(), l.ID, "kvittering"))
	}
	if err == nil && len(l.Receipts) == 0 {
		err = fmt.Errorf("receipt of %s: %w", l.ID, post.ErrNotFound)
	}
	return s, l, err
}

// downloadReceipt gives the receipts as Digital Post gave them, and says which Digital Post that was.
func (p *Portal) downloadReceipt(v *visit) error {
	s, l, err := p.receipted(v)
	if err != nil {
		return err
	}
	var raw []json.RawMessage
	for _, r := range l.Receipts {
		raw = append(raw, r.Raw)
	}
	name := post.FileName(fmt.Sprintf("%s – kvittering for brev %d (%s).json", cmp.Or(l.Subject, s.Subject), l.Number,
		environmentName(s.Environment)))
	v.w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	return writeJSON(v.w, http.StatusOK, map[string]any{"environment": environmentName(s.Environment), "receipts": raw})
}
