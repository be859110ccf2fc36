package portal

import (
	"fmt"
	"strings"
	"time"

	"brevdue/internal/paper"
	"brevdue/internal/post"
)

const (
	statusFineText     = "Alt virker."
	statusRestoredText = "Brevdue er gendannet fra en kopi og sender intet endnu."
	statusStillText    = "Brevdues eget tilsyn kører ikke lige nu. Breve kan vente."
	statusDownText     = "Digital Post svarer ikke lige nu. Breve venter og bliver sendt, når den svarer igen. " +
		"Ingen behøver at sende noget igen."
	outageLastsText      = "varer endnu"
	outageEndUnknownText = "slutningen blev ikke noteret"
	attestFileText       = "Attest for nedetid.pdf"
)

var outageNames = map[post.Affected]string{
	post.DigitalPostOut: "Digital Post svarede ikke",
	post.BrevdueOut:     "Brevdues eget tilsyn kørte ikke",
}

// outageMeanings say what an outage meant for who waited.
var outageMeanings = map[post.Affected]string{
	post.DigitalPostOut: "Breve kunne ikke afleveres til Digital Post. De ventede hos Brevdue.",
	post.BrevdueOut:     "Breve kan have ventet, og portalen kan have været lukket. Intet af det modtagne gik tabt.",
}

// outageFindings say how it was found.
var outageFindings = map[post.Affected]string{
	post.DigitalPostOut: fmt.Sprintf("Mindst %d afleveringer i træk til forskellige modtagere fik intet svar, eller "+
		"der var ingen forbindelse. Slutningen er det første svar.", post.BreakAfter),
	post.BrevdueOut: "Brevdue noterer hvert minut, at den virker. Fra det sidste minut før nedbruddet til det første " +
		"efter er der intet noteret.",
}

// attestPaper is a certificate of an outage.
func (p *Portal) attestPaper(o post.Outage, host string) paper.Paper {
	return paper.Paper{
		Title: "Attest for nedetid",
		Lead:  outageNames[o.Of],
		Lines: []paper.Line{{Label: "Fra", Value: p.fulltime(o.From)}, {Label: "Til", Value: p.fulltime(o.To)},
			{Label: "Varighed", Value: lastedText(o.Lasted(o.To))}, {Label: "Betydning", Value: outageMeanings[o.Of]},
			{Label: "Sådan er det konstateret", Value: outageFindings[o.Of]},
			{Label: "Installation", Value: host}, {Label: "Miljø", Value: environmentName(p.Environment)}},
		Foot: "Udskrevet af Brevdue " + p.fulltime(p.Now()) + " af det, der blev noteret dengang",
		Made: p.Now(),
	}
}

// lastedText is how long something lasted, in hours and minutes.
func lastedText(d time.Duration) string {
	if d < time.Hour {
		return waitText(d)
	}
	hours, minutes := int(d.Hours()), int(d.Minutes())%60
	return count(hours, "time", "timer") + " og " + count(minutes, "minut", "minutter")
}

// percent is a share with one decimal, rounded down: 100 % is only said of all.
func percent(part, of int) string {
	tenths := part * 1000 / of
	if tenths%10 == 0 {
		return fmt.Sprintf("%d %%", tenths/10)
	}
	return strings.Replace(fmt.Sprintf("%.1f %%", float64(tenths)/10), ".", ",", 1)
}
