package portal

import (
	"fmt"
	"strings"
	"time"
	_ "time/tzdata" // Danish time also where the machine has no zones

	"brevdue/internal/post"
)

// Every Danish sentence that is not in a page, in package post or in a stage's finding.

const (
	notFoundHeading = "Siden findes ikke"
	notFoundText    = "Det, du leder efter, findes ikke her. Gå til loggen for at finde dine forsendelser."
	conflictHeading = "Det kan ikke lade sig gøre nu"
	internalHeading = "Noget gik galt hos os"
	internalText    = "Dine forsendelser er ikke berørt. Prøv igen om lidt. Sker det igen, så oplys fejlnummer %s til IT-drift."
)

func sentence(text string) string {
	r := []rune(text)
	if len(r) == 0 {
		return ""
	}
	return strings.ToUpper(string(r[0])) + strings.TrimSuffix(string(r[1:]), ".") + "."
}

// mark is how a state is shown: an icon (of ours or of the design system), a class and a word.
type mark struct{ Own, Icon, Class, Word, Spoken string }

// shipmentMarks show a shipment's state. The two tick drawings are used for nothing else (design principle 1).
var shipmentMarks = map[post.ShipmentState]mark{
	post.Uploading:           {"", "upload", "bd-state--off", "Venter på filen", ""},
	post.Splitting:           {"", "view-split", "bd-state--run", "Deles", ""},
	post.InReview:            {"", "checklist", "bd-state--off", "Venter på gennemsyn", ""},
	post.InSending:           {"", "sync", "bd-state--run", "Sendes", ""},
	post.ShipmentCompleted:   {"ticks", "", "bd-state--ok", "Afsluttet", ", to flueben: kvittering modtaget for alle breve"},
	post.CompletedWithErrors: {"", "warning", "bd-state--err", "Afsluttet med fejl", ""},
	post.ShipmentCancelled:   {"", "close", "bd-state--off", "Annulleret", ""},
	post.Stopped:             {"", "error", "bd-state--err", "Stoppet", ""},
}

// handedOverMark is a shipment of which Digital Post has taken every letter that could go, and owes receipts.
var handedOverMark = mark{"tick", "", "bd-state--ok", "Afleveret", ", ét flueben: venter på kvittering"}

var letterMarks = map[post.LetterState]mark{
	post.Created:    {"", "hourglass", "bd-state--off", "Klar", ""},
	post.Queued:     {"", "hourglass", "bd-state--off", "I kø", ""},
	post.Sending:    {"", "sync", "bd-state--run", "Sendes", ""},
	post.HandedOver: {"tick", "", "bd-state--ok", "Afleveret", ", ét flueben: venter på kvittering"},
	post.Completed:  {"ticks", "", "bd-state--ok", "Kvittering modtaget", ", to flueben"},
	post.Failed:     {"", "error", "bd-state--err", "Fejlet", ""},
	post.Cancelled:  {"", "close", "bd-state--off", "Annulleret", ""},
}

var (
	archivedMark      = mark{"", "folder", "", "Arkiveret", ""}
	archiveFailedMark = mark{"", "error", "bd-state--err", "Arkivering fejlet", ""}
	archiveWaitsMark  = mark{"", "hourglass", "bd-state--off", "Venter", ""}
	noMark            = mark{"", "", "bd-state--off", "–", "ikke relevant"}
)

func shipmentMark(s *post.Shipment) mark {
	if c := s.Counts; s.Shown() == post.InSending && s.Letters > 0 && c.Open() == c.HandedOver && c.HandedOver > 0 && c.Failed == 0 {
		return handedOverMark
	}
	return shipmentMarks[s.Shown()]
}

func archivingMark(s *post.Shipment) mark {
	done := s.Counts.Completed + s.Counts.Failed
	switch {
	case s.Counts.ArchiveFailed > 0:
		return archiveFailedMark
	case done > 0 && s.Counts.Archived >= done && s.Counts.Open() == 0:
		return archivedMark
	case s.State == post.InSending:
		return archiveWaitsMark
	}
	return noMark
}

func letterArchivingMark(l *post.Letter) mark {
	switch {
	case l.Archiving.State == post.Archived:
		return archivedMark
	case l.Archiving.State == post.ArchiveFailed:
		return archiveFailedMark
	case l.State == post.Cancelled || l.State == post.Created:
		return noMark
	}
	return archiveWaitsMark
}

// events are the lines of a letter's history. %s is the note.
var events = map[post.EventCode]struct {
	mark
	format string
}{
	post.WasSplit:        {mark{Icon: "view-split"}, "Delt fra dokumentet"},
	post.WasQueued:       {mark{Icon: "hourglass"}, "Lagt i afsendelseskøen"},
	post.WasTried:        {mark{Icon: "refresh"}, "Forsøg nr. %s"},
	post.WasHandedOver:   {mark{Own: "tick"}, "Afleveret til Digital Post"},
	post.WasFound:        {mark{Own: "tick"}, "Digital Post har brevet – det er ikke sendt igen"},
	post.WasPutOff:       {mark{Icon: "hourglass"}, "Digital Post svarede ikke (%s) – prøver igen"},
	post.WasCompleted:    {mark{Own: "ticks"}, "Kvittering modtaget"},
	post.WasRefused:      {mark{Icon: "error"}, "Kvittering: afvist (%s)"},
	post.WasFailed:       {mark{Icon: "error"}, "Fejlet"},
	post.WasCancelled:    {mark{Icon: "close"}, "Annulleret"},
	post.WasArchived:     {mark{Icon: "folder"}, "Brev og kvittering arkiveret i sag %s"},
	post.ArchivingFailed: {mark{Icon: "error"}, "Arkivering fejlede"},
	post.WasReplayed:     {mark{Icon: "refresh"}, "Sendt igen af %s"},
	post.WasCorrected:    {mark{Icon: "edit"}, "Rettet og sendt af %s"},
	post.WasDismissed:    {mark{Icon: "checklist"}, "Markeret som håndteret af %s"},
	post.WasAsked:        {mark{Icon: "search"}, "Digital Post er spurgt (%s)"},
	post.ReceiptMissing:  {mark{Icon: "warning"}, "Kvitteringen mangler"},
	post.LateDelivery:    {mark{Icon: "warning"}, "Digital Post har alligevel leveret brevet, som det var før rettelsen"},
	post.LateRefusal:     {mark{Icon: "warning"}, "Sen afvisning (%s) – kvitteringen, der kom først, gælder"},
}

func eventText(e post.Event) string {
	format := events[e.What].format
	if strings.Contains(format, "%s") {
		return fmt.Sprintf(format, e.Note)
	}
	return format
}

var months = [...]string{"jan.", "feb.", "marts", "april", "maj", "juni", "juli", "aug.", "sep.", "okt.", "nov.", "dec."}

func danishTime() *time.Location {
	zone, err := time.LoadLocation("Europe/Copenhagen")
	if err != nil {
		return time.UTC
	}
	return zone
}

// day says "I dag", or "16. nov." and the year where it is another.
func (p *Portal) day(t time.Time) string {
	t, now := t.In(p.zone), p.Now().In(p.zone)
	switch {
	case t.YearDay() == now.YearDay() && t.Year() == now.Year():
		return "I dag"
	case t.Year() == now.Year():
		return fmt.Sprintf("%d. %s", t.Day(), months[t.Month()-1])
	}
	return fmt.Sprintf("%d. %s %d", t.Day(), months[t.Month()-1], t.Year())
}

func (p *Portal) clock(t time.Time) string { return t.In(p.zone).Format("15.04") }

func (p *Portal) seconds(t time.Time) string { return t.In(p.zone).Format("15.04.05") }

// thousands writes 1284 as 1.284.
func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "." + s[i:]
	}
	return s
}

// count says "1 brev" or "5 breve".
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return thousands(n) + " " + many
}
