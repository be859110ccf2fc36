package portal

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"brevdue/internal/paper"
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
	Unchanged   string // the same in words
	Environment string // "" for production
	ApprovedBy  string
}

// showKvittering shows the receipt of a letter.
func (p *Portal) showKvittering(v *visit) error {
	k, err := p.kvittering(v)
	if err != nil {
		return err
	}
	return p.show(v, http.StatusOK, "kvittering", "log", "Kvittering – "+k.Subject, k)
}

// kvittering reads the receipt of the letter of the address.
func (p *Portal) kvittering(v *visit) (*kvitteringPage, error) {
	s, l, err := p.receipted(v)
	if err != nil {
		return nil, err
	}
	r := l.Receipts[len(l.Receipts)-1]
	k := &kvitteringPage{S: s, Letter: lineOf(l, true), Subject: cmp.Or(l.Subject, s.Subject), Received: r.Received,
		Sender: s.Sender.Name + ", CVR " + s.Sender.Number.Reveal(), Available: availability(s, l),
		UUID: r.UUID, Fingerprint: r.SHA256, Intact: r.Verify(), ApprovedBy: s.ApprovedBy}
	if k.Unchanged = receiptIntactText; !k.Intact {
		k.Unchanged = receiptChangedText
	}
	if s.Environment != post.Production {
		k.Environment = environmentName(s.Environment)
	}
	for _, e := range l.History {
		if e.What == post.WasHandedOver || e.What == post.WasFound {
			k.HandedOver = e.At
		}
	}
	k.Letter.Name, err = p.nameIn(v, s, l)
	return k, err
}

// downloadKvittering gives the receipt as a PDF that can be handed on.
func (p *Portal) downloadKvittering(v *visit) error {
	k, err := p.kvittering(v)
	if err != nil {
		return err
	}
	b, err := paper.Write(p.kvitteringPaper(v, k))
	if err != nil {
		return err
	}
	return downloadFile(v, fmt.Sprintf(receiptFileText, k.Subject, k.Letter.Number), "application/pdf", b)
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
	attach(v, fmt.Sprintf("%s – kvittering for brev %d (%s).json", cmp.Or(l.Subject, s.Subject), l.Number,
		environmentName(s.Environment)))
	return writeJSON(v.w, http.StatusOK, map[string]any{"environment": environmentName(s.Environment), "receipts": raw})
}
