package portal

import (
	"fmt"
	"strings"
	"time"
	_ "time/tzdata" // Danish time also where the machine has no zones
	"unicode/utf8"

	"brevdue/internal/keys"
	"brevdue/internal/post"
)

// Every Danish sentence that is not in a page, in package post or in a stage's finding.

const (
	notFoundHeading = "Siden findes ikke"
	notFoundText    = "Det, du leder efter, findes ikke her. Gå til loggen for at finde dine forsendelser."
	changedHeading  = "En anden har rettet imens"
	conflictHeading = "Det kan ikke lade sig gøre nu"
	awayHeading     = "Brevdue kan ikke nå sine data lige nu"
	awayText        = "Der er ikke noget galt med dit brugernavn eller din kode, og dine forsendelser er ikke " +
		"berørt. Prøv igen om lidt. Bliver det ved, så oplys fejlnummer %s til IT-drift."
	formHeading = "Det kan ikke læses"
	formText    = "Formularen blev ikke sendt, som den skal, eller dens tegn er ikke UTF-8. Gå tilbage, og " +
		"prøv igen."
	cursorHeading   = "Stedet i listen findes ikke"
	cursorText      = "Adressen er ikke hel. Gå til loggen, og bladr derfra."
	internalHeading = "Noget gik galt hos os"
	internalText    = "Dine forsendelser er ikke berørt. Prøv igen om lidt. Sker det igen, så oplys fejlnummer %s " +
		"til IT-drift."
)

func capital(text string) string {
	_, n := utf8.DecodeRuneInString(text)
	return strings.ToUpper(text[:n]) + text[n:]
}

// mark is how a state is shown: an icon (of ours or of the design system), a class and a word.
type mark struct{ Own, Icon, Class, Word, Spoken string }

// shipmentMarks show a shipment's state. The two tick drawings are used for nothing else (design principle 1).
var shipmentMarks = map[post.ShipmentState]mark{
	post.Uploading: {"", "upload", "bd-state--off", "Venter på filen", ""},
	post.Splitting: {"", "view-split", "bd-state--run", "Deles", ""},
	post.InReview:  {"", "checklist", "bd-state--off", "Venter på gennemsyn", ""},
	post.InSending: {"", "sync", "bd-state--run", "Sendes", ""},
	post.ShipmentCompleted: {
		"ticks",
		"",
		"bd-state--ok",
		"Afsluttet",
		", to flueben: kvittering modtaget for alle de breve, der er sendt",
	},
	post.CompletedWithErrors: {"", "warning", "bd-state--err", "Afsluttet med fejl", ""},
	post.ShipmentCancelled:   {"", "close", "bd-state--off", "Annulleret", ""},
	post.SplitRefused:        {"", "error", "bd-state--err", "Stoppet", ""},
	post.Rehearsing:          {"", "sync", "bd-state--run", "Generalprøve", ""},
	post.Rehearsed:           {"", "checklist", "bd-state--off", "Generalprøve, intet sendt", ""},
}

// handedOverMark is a shipment of which Digital Post has taken every letter that could go, and owes receipts.
var handedOverMark = mark{"tick", "", "bd-state--ok", "Afleveret", ", ét flueben: venter på kvittering"}

// Marks of what comes to its end without Send's doing any more.
var (
	approvalMark = mark{"", "visibility", "bd-state--off", "Venter på godkendelse", ""}
	waitingMark  = mark{"", "hourglass", "bd-state--run", "Venter på kvittering", ""}
	handledMark  = mark{"", "checklist", "bd-state--off", "Afsluttet, fejl håndteret", ""}
	stoppedMark  = mark{"", "checklist", "bd-state--off", "Stoppet, håndteret", ""}
	unsentMark   = mark{"", "checklist", "bd-state--off", "Ikke sendt, håndteret", ""}
)

var letterMarks = map[post.LetterState]mark{
	post.Created:    {"", "hourglass", "bd-state--off", "Klar", ""},
	post.Queued:     {"", "hourglass", "bd-state--off", "I kø", ""},
	post.Sending:    {"", "sync", "bd-state--run", "Sendes", ""},
	post.HandedOver: {"tick", "", "bd-state--ok", "Afleveret", ", ét flueben: venter på kvittering"},
	post.Completed:  {"ticks", "", "bd-state--ok", "Kvittering modtaget", ", to flueben"},
	post.Failed:     {"", "error", "bd-state--err", "Fejlet", ""},
	post.Dismissed:  unsentMark,
	post.Cancelled:  {"", "close", "bd-state--off", "Annulleret", ""},
}

// markOf is how far a letter has come. What was held back before it was sent has not failed.
func markOf(l *post.Letter) mark {
	if l.State == post.Failed && len(l.Messages) == 0 && l.Problem != nil && post.HoldsBack(l.Problem.Code) {
		return heldMark
	}
	return letterMarks[l.State]
}

var (
	heldMark          = mark{"", "warning", "bd-state--err", "Holdt tilbage", ""}
	archivedMark      = mark{"", "folder", "", "Arkiveret", ""}
	archiveFailedMark = mark{"", "error", "bd-state--err", "Arkivering fejlet", ""}
	archiveFiledMark  = mark{"", "folder", "bd-state--off", "Arkiveret (afventer kvittering)", ""}
	archiveWaitsMark  = mark{"", "hourglass", "bd-state--off", "Arkiveres", ""}
	noMark            = mark{"", "", "bd-state--off", "–", "ikke relevant"}
)

// pausedMark is a shipment of which nothing more leaves until somebody lets it go on.
var pausedMark = mark{"", "hourglass", "bd-state--off", "Sat på pause", ""}

// waitMark is a shipment that was sent and leaves later.
func waitMark(at time.Time, zone *time.Location) mark {
	return mark{"", "hourglass", "bd-state--off", "Sendes " + momentText(at, zone), ""}
}

// momentText says when something happens, to the second where it is less than an hour away.
func momentText(at time.Time, zone *time.Location) string {
	local := at.In(zone)
	if d := time.Until(at); d < time.Hour && d > -time.Hour {
		return local.Format("kl. 15.04.05")
	}
	return local.Format("2.1.2006 kl. 15.04")
}

// shipmentMark shows a shipment; handled is that one which was stopped has left Ubehandlet.
func shipmentMark(s *post.Shipment, handled bool) mark {
	c, shown := s.Counts, s.Derived()
	switch {
	case shown == post.InSending && s.Paused:
		return pausedMark
	case shown == post.InSending && s.Waiting:
		return waitMark(s.SendAfter, post.Denmark())
	case shown == post.InSending && c.Total() == s.Letters && c.HandedOver > 0 && c.Open() == c.HandedOver:
		if c.Failed+c.Dismissed > 0 {
			return waitingMark
		}
		return handedOverMark
	case shown == post.ShipmentCompleted && c.Dismissed > 0:
		return handledMark
	case shown == post.SplitRefused && handled:
		return stoppedMark
	}
	return shipmentMarks[shown]
}

func archivingMark(s *post.Shipment) mark {
	done := s.Counts.Completed + s.Counts.Failed + s.Counts.Dismissed
	switch {
	case s.Counts.ArchiveFailed > 0:
		return archiveFailedMark
	case s.Counts.Archived > 0 && s.Counts.Archived+s.Counts.Unfiled >= done && s.Counts.Open() == 0:
		return archivedMark
	case done > 0 && s.Counts.Unfiled >= done && s.Counts.Open() == 0:
		return noMark
	case s.State == post.InSending:
		return archiveWaitsMark
	}
	return noMark
}

// letterArchivingMark says how far the archiving of a letter has come; filed is that it lies in its case already.
func letterArchivingMark(l *post.Letter, filed bool) mark {
	if !l.Begun() || l.State == post.Cancelled && l.Archiving.State == "" {
		return noMark
	}
	return filedMark(l.Archiving.State, l.State, filed)
}

// filedMark is letterArchivingMark for a letter whose sending has begun.
func filedMark(archiving post.ArchiveState, state post.LetterState, filed bool) mark {
	switch {
	case archiving == post.Archived:
		return archivedMark
	case archiving == post.ArchiveFailed:
		return archiveFailedMark
	case filed && !state.Final():
		return archiveFiledMark
	}
	return archiveWaitsMark
}

// events are the lines of a letter's history. %s is the note.
var events = map[post.EventCode]struct {
	mark
	format string
}{
	post.WasSplit:        {mark{Icon: "view-split"}, "Delt fra dokumentet"},
	post.WasAddressed:    {mark{Icon: "edit"}, "Modtageren er sat af %s"},
	post.WasQueued:       {mark{Icon: "hourglass"}, "Lagt i afsendelseskøen"},
	post.WasTried:        {mark{Icon: "refresh"}, "Forsøg nr. %s"},
	post.WasHandedOver:   {mark{Own: "tick"}, "Afleveret til Digital Post"},
	post.WasFound:        {mark{Own: "tick"}, "Digital Post har brevet – det er ikke sendt igen"},
	post.WasRescheduled:  {mark{Icon: "hourglass"}, "Digital Post svarede ikke – prøver igen"},
	post.WasStalled:      {mark{Icon: "hourglass"}, "Stod stille – lagt i afsendelseskøen igen"},
	post.WasCompleted:    {mark{Own: "ticks"}, "Kvittering modtaget"},
	post.WasRefused:      {mark{Icon: "error"}, "Kvittering: Digital Post har afvist brevet"},
	post.WasFailed:       {mark{Icon: "error"}, "Fejlet"},
	post.WasCancelled:    {mark{Icon: "close"}, "Annulleret"},
	post.WasArchived:     {mark{Icon: "folder"}, "Brev og kvittering arkiveret i %s"}, // archivedText
	post.ArchivedAgain:   {mark{Icon: "refresh"}, "Sat til at blive arkiveret igen af %s"},
	post.ArchivingFailed: {mark{Icon: "error"}, "Arkivering fejlede"},
	post.WasReplayed:     {mark{Icon: "refresh"}, "Sat til at blive sendt igen af %s"}, // replayedText
	post.WasCorrected:    {mark{Icon: "edit"}, "Rettet og lagt i afsendelseskøen af %s"},
	post.WasDismissed:    {mark{Icon: "checklist"}, "Markeret som håndteret af %s"},
	post.RowDismissed:    {mark{Icon: "checklist"}, "Fejlen er markeret som håndteret af %s"},
	post.WasAsked:        {mark{Icon: "search"}, "Digital Post er spurgt"},
	post.ReceiptMissing:  {mark{Icon: "warning"}, "Kvitteringen mangler"},
	post.LateDelivery: {
		mark{Icon: "warning"},
		"Digital Post har alligevel leveret brevet, som det var før rettelsen",
	},
	post.ContainerWasRefused: {mark{Icon: "refresh"}, "Digital Post tog ikke imod brevene samlet – sendes for sig"},
	post.WasLegallyNotified:  {mark{Icon: "success"}, "Forkyndt den %s"},
	post.WasNotLookedUp:      {mark{Icon: "info"}, "Kontaktregistret svarede ikke – sendt uden nyt opslag"},
	post.LateRefusal:         {mark{Icon: "warning"}, "Sen afvisning – kvitteringen, der kom først, gælder"},
}

// eventText says what happened to a letter; before is what had happened to it until then.
func (p *Portal) eventText(before []post.Event, e post.Event) string {
	switch e.What {
	case post.WasArchived:
		return archivedText(before, e.Note)
	case post.WasReplayed:
		return p.replayedText(e)
	}
	format := events[e.What].format
	if strings.Contains(format, "%s") {
		return fmt.Sprintf(format, e.Note)
	}
	return format
}

// archivedText says what lies in the case: of a letter that was never taken in there is no receipt.
func archivedText(before []post.Event, in string) string {
	what := "Brevet, som ikke er sendt, er"
	for _, e := range before {
		switch e.What {
		case post.WasTried, post.WasRescheduled, post.WasHandedOver, post.WasFound:
			what = "Brev uden kvittering er"
		case post.WasCompleted, post.WasRefused:
			return fmt.Sprintf(events[post.WasArchived].format, caseText(in))
		}
	}
	return what + " arkiveret i " + caseText(in)
}

// caseText is what a case is called: that of one person has a number of ours, which says nothing to anybody.
func caseText(id string) string {
	switch {
	case strings.HasPrefix(id, keys.PersonPrefix):
		return ownCaseText
	case strings.HasPrefix(id, keys.NobodyPrefix):
		return nobodysCaseText
	}
	return "sag " + id
}

// coded are events whose note is a code: it is for support.
var coded = map[post.EventCode]bool{
	post.WasRescheduled: true, post.WasRefused: true, post.WasAsked: true, post.LateRefusal: true,
}

// replayedText tells what leaves at once from what leaves on a day that was chosen.
func (p *Portal) replayedText(e post.Event) string {
	by, day, found := cutLast(e.Note, ", ")
	on, err := time.ParseInLocation(time.DateOnly, day, p.zone)
	if !found || err != nil {
		return fmt.Sprintf(events[post.WasReplayed].format, e.Note)
	}
	return fmt.Sprintf("Sat til at blive sendt igen den %d. %s %d af %s", on.Day(), months[on.Month()-1], on.Year(), by)
}

func cutLast(text, sep string) (before, after string, found bool) {
	i := strings.LastIndex(text, sep)
	if i < 0 {
		return text, "", false
	}
	return text[:i], text[i+len(sep):], true
}

// logChips are the states of the log, in their order.
var logChips = []struct {
	state post.LogState
	label string
}{
	{"", "Alle"},
	{post.LogRunning, "I gang"},
	{post.LogFailed, "Ubehandlede"},
	{post.LogDone, "Afsluttet"},
	{post.LogCancelled, "Annulleret"},
}

// Totals of the log, and its columns in a spreadsheet.
const (
	totalsText     = "%s, %s: %s med kvittering, %s venter på kvittering, %s ubehandlede, %s håndteret."
	totalsPartText = "De nyeste: "
	csvPartText    = "Ikke alle forsendelser er med. Vælg en kortere periode."
)

var logColumns = []string{"Oprettet", "Sendt", "Emne", "Afsender", "Oprettet af", "Dokumenttype", "Enhed", "Status",
	"Breve", "Kvittering modtaget", "Venter på kvittering", "Ubehandlede", "Håndteret", "Annulleret", "Arkiveret"}

// Headings over what is wrong with a form.
const (
	mendText    = "Ret det her, og prøv igen"
	notDoneText = "Det blev ikke gjort"
)

// What cases are called that have no number of a person's choosing.
const (
	ownCaseText     = "modtagerens egen sag"
	nobodysCaseText = "sagen for breve uden modtager"
)

var months = [...]string{
	"jan.",
	"feb.",
	"marts",
	"april",
	"maj",
	"juni",
	"juli",
	"aug.",
	"sep.",
	"okt.",
	"nov.",
	"dec.",
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

// stamp is a moment to the second, with its day where that is not today.
func (p *Portal) stamp(t time.Time) string {
	if d := p.day(t); d != "I dag" {
		return d + " kl. " + p.seconds(t)
	}
	return p.seconds(t)
}

// fulltime is a moment that is read for years: day, month and year.
func (p *Portal) fulltime(t time.Time) string {
	t = t.In(p.zone)
	return fmt.Sprintf("%d. %s %d kl. %s", t.Day(), months[t.Month()-1], t.Year(), t.Format("15.04.05"))
}

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
