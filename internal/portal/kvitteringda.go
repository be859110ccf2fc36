package portal

import (
	"fmt"
	"strings"

	"brevdue/internal/paper"
)

const (
	receiptIntactText  = "Ja. Den er, som Digital Post gav den."
	receiptChangedText = "Nej. Den er ændret, siden Digital Post gav den."
	receiptFileText    = "%s – kvittering for brev %d.pdf"
)

// kvitteringPaper is a receipt as it is handed on.
func (p *Portal) kvitteringPaper(v *visit, k *kvitteringPage) paper.Paper {
	title, to, by := "Kvittering", strings.TrimSpace(k.Letter.Kind+" "+k.Letter.Recipient), k.S.By
	if k.Environment != "" {
		title += " (" + k.Environment + ")"
	}
	if k.Letter.Name != "" {
		to = k.Letter.Name + ", " + to
	}
	if k.ApprovedBy != "" {
		by += ", godkendt af " + k.ApprovedBy
	}
	lines := []paper.Line{{Label: "Status", Value: k.Letter.Mark.Word}, {Label: "Afsender", Value: k.Sender},
		{Label: "Modtager", Value: to}, {Label: "Oprettet af", Value: by}}
	if !k.HandedOver.IsZero() {
		lines = append(lines, paper.Line{Label: "Afleveret til Digital Post", Value: p.fulltime(k.HandedOver)})
	}
	return paper.Paper{
		Title: title,
		Lead:  fmt.Sprintf("%s – brev %d", k.Subject, k.Letter.Number),
		Lines: append(lines, paper.Line{Label: "Kvittering modtaget", Value: p.fulltime(k.Received)},
			paper.Line{Label: "Tilgængelig for modtageren", Value: k.Available},
			paper.Line{Label: "Er kvitteringen uændret?", Value: k.Unchanged}),
		Small: []paper.Line{{Label: "Besked-id", Value: k.UUID}, {Label: "Fingeraftryk", Value: k.Fingerprint}},
		Foot:  fmt.Sprintf("%s · hentet fra Brevdue %s", v.org.Name, p.fulltime(p.Now())),
		Made:  p.Now(),
	}
}
