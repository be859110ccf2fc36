package portal

import (
	"fmt"
	"strings"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/texts"
)

// Danish sentences of the page Drift and of the banner.

const (
	stoppedHeading  = "Jeres afsendelse er stoppet"
	downHeading     = "Digital Post svarer ikke"
	troubleHeading  = "Der er noget galt med maskinen, Brevdue kører på"
	restoredHeading = "Brevdue er gendannet fra en sikkerhedskopi"
	restoredText    = "Intet bliver sendt, før IT har sagt god for det. Om hvert brev fra før " +
		"bliver Digital Post så spurgt, før det sendes."
)

// onDay says "i dag" or "den 16. nov.".
func (p *Portal) onDay(t time.Time) string {
	if day := p.day(t); day != "I dag" {
		return "den " + day
	}
	return "i dag"
}

func (p *Portal) stoppedText(s *post.Stop) string {
	if s.By == "" {
		return fmt.Sprintf(
			"Brevdue stoppede afsendelsen %s kl. %s: %s. Intet bliver sendt, før nogen trykker »Send igen fra nu "+
				"af«; vent med det, til IT har fundet årsagen. Det, der allerede er hos Digital Post, er ikke berørt.",
			p.onDay(s.At),
			p.clock(s.At),
			strings.ToLower(texts.Explain(s.Code).Title[:1])+texts.Explain(s.Code).Title[1:],
		)
	}
	return fmt.Sprintf(
		"Stoppet af %s %s kl. %s: %s. Intet bliver sendt, før nogen trykker »Send igen fra nu af«. Det, der "+
			"allerede er hos Digital Post, er ikke berørt.",
		s.By,
		p.onDay(s.At),
		p.clock(s.At),
		strings.TrimSuffix(s.Reason, "."),
	)
}

func (p *Portal) downText(b *post.Breaker) string {
	next := "Næste forsøg kl. " + p.clock(b.Next) + "."
	if !b.Next.After(p.Now()) {
		next = "Der bliver prøvet igen nu."
	}
	return fmt.Sprintf(
		"Siden %s kl. %s. Breve, der venter, bliver sendt, når Digital Post svarer; intet bliver sendt to gange, "+
			"og du skal ikke gøre noget. %s",
		p.onDay(b.Since),
		p.clock(b.Since),
		next,
	)
}

var places = map[string]string{
	post.AtUpload: "Venter på filen", post.AtSplit: "Deles", post.AtReview: "Venter på gennemsyn",
	post.AtWaiting: "Venter på sit tidspunkt eller på pause",
	post.AtQueue:   "I afsendelseskøen",
	post.AtReceipt: "Afleveret, venter på kvittering", post.AtArchive: "Venter på arkivering",
	post.AtUnhandled: "Ubehandlet",
}

var noticeNames = map[post.NoticeKind]string{
	post.ShipmentErrors: "Breve venter på nogen", post.QueueStands: "En kø står stille",
	post.DigitalPostDown: "Digital Post svarer ikke",
	post.DigitalPostUp:   "Digital Post svarer igen", post.SendingStopped: "Afsendelsen er stoppet",
	post.CertificateExpires: "Certifikatet udløber",
	post.MachineTrouble:     "Maskinen mangler plads",
	post.ShipmentHeld:       "En planlagt forsendelse er ikke sendt",
	post.ShipmentEnded:      "En forsendelse er færdig",
	post.EmergencyLogin:     "Nogen er logget ind med en nødkode",
}

func noticesText(notices []post.Notice) string {
	if len(notices) == 0 {
		return ""
	}
	text := noticeNames[notices[0].Kind]
	if n := len(notices) - 1; n > 0 {
		text += " og " + count(n, "ting mere", "ting mere")
	}
	return text
}

func deliveryMark(d *post.Delivery) mark {
	switch {
	case !d.Done.IsZero():
		return mark{Icon: "check", Class: "bd-state--ok", Word: "Afleveret"}
	case d.GivenUp:
		return mark{Icon: "error", Class: "bd-state--err", Word: "Opgivet"}
	case d.Error != "":
		return mark{Icon: "hourglass", Class: "bd-state--off", Word: "Prøver igen"}
	}
	return mark{Icon: "hourglass", Class: "bd-state--off", Word: "Venter"}
}
