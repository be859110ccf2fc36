package post

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// Code names what went wrong, as in reliability.md's table.
type Code string

// The codes of the table.
const (
	NotEnrolled        Code = "not-enrolled"
	Closed             Code = "closed"
	UnknownRecipient   Code = "unknown-recipient"
	ChannelDown        Code = "channel-down"
	MessageRefused     Code = "message-refused"
	NotAllowed         Code = "not-allowed"
	Refused            Code = "refused"
	NoReceipt          Code = "no-receipt"
	QueueStalled       Code = "queue-stalled"
	ArchiveFailedCode  Code = "archive-failed"
	UnreadableDocument Code = "unreadable-document"
	NoRecipientFound   Code = "no-recipient-found"
	TwoRecipients      Code = "two-recipients"
	WrongName          Code = "wrong-name"
	UnreadablePage     Code = "unreadable-page"
	ActiveContent      Code = "active-content"
	Malware            Code = "malware"
	Unknown            Code = "unknown"
)

// NoEvidence is said where the key that signs evidence for the data protection officer is not kept.
const NoEvidence = "På AWS laver IT dokumentationen med »brevdue incident --table«: nøglen, den underskrives med, ligger ikke i skyen."

// Problem is why something stopped: a row of the table with what is special about this case.
type Problem struct {
	Code   Code      `json:"code"`
	Text   string    `json:"text,omitempty"`   // Danish; "" for the table's own
	Detail string    `json:"detail,omitempty"` // Digital Post's code or our reference; never a person's number
	At     time.Time `json:"at,omitzero"`
	Cause  error     `json:"-"`
}

// Error tells the problem in Danish.
func (p *Problem) Error() string { return p.Danish() }

// Unwrap returns the technical cause.
func (p *Problem) Unwrap() error { return p.Cause }

// Danish returns what a user reads.
func (p *Problem) Danish() string {
	if p.Text != "" {
		return p.Text
	}
	return Explain(p.Code).Why
}

// Class says what kind of failure a code is.
type Class string

// The classes of reliability.md.
const (
	Permanent Class = "permanent"
	Temporary Class = "temporary"
	Ours      Class = "ours"
	Stuck     Class = "stuck"
)

// Remedy is something a user can press.
type Remedy string

// What can be offered.
const (
	OfferReplay  Remedy = "replay"
	OfferAsk     Remedy = "ask"
	OfferDismiss Remedy = "dismiss"
	OfferArchive Remedy = "archive"
	OfferCorrect Remedy = "correct" // recipient or subject, and send
	OfferOnDate  Remedy = "on-date" // send again on a day
	OfferSplit   Remedy = "split"   // split the document again
	OfferPaper   Remedy = "paper"   // send it as a letter on paper: its place is here, remote print is not built yet
)

// notYet are remedies that the table knows and nobody can press yet.
var notYet = map[Remedy]bool{OfferPaper: true}

// Explanation is a row of the failure table, in the user's words.
type Explanation struct {
	Class    Class
	Title    string
	Why      string
	Auto     string // what Brevdue does by itself
	Actor    string // who acts
	Do       string // what the user can do
	Remedies []Remedy
}

// Offers reports whether a remedy is offered.
func (e Explanation) Offers(r Remedy) bool { return slices.Contains(e.Remedies, r) }

// Explain returns the row of a code.
func Explain(c Code) Explanation {
	e, ok := explanations[c]
	if !ok {
		e = explanations[Unknown]
	}
	e.Remedies = slices.DeleteFunc(slices.Clone(e.Remedies), func(r Remedy) bool { return notYet[r] })
	return e
}

// Codes returns the codes of the table.
func Codes() []Code { return slices.Sorted(maps.Keys(explanations)) }

// explanations is the failure table of reliability.md, in the user's words.
var explanations = map[Code]Explanation{
	NotEnrolled: {Permanent, "Modtageren er ikke tilmeldt Digital Post", // error guide 1.1 "Slutbrugeren er ikke tilmeldt indholdstypen"
		"Modtageren er fritaget eller har ikke taget sin Digital Post i brug. Er man lige fyldt 15, kan der gå op til 30 dage.",
		"Prøver ikke igen.", "Dig", "Aflever brevet på anden måde, og markér det som håndteret. Eller send det igen, når modtageren er tilmeldt – du kan vælge en dag.",
		[]Remedy{OfferReplay, OfferOnDate, OfferPaper, OfferDismiss}},
	Closed: {Permanent, "Modtagerens Digital Post er lukket",
		"Personen er død, eller virksomheden er ophørt. Brevet bliver ikke sendt på anden måde af sig selv.",
		"Prøver ikke igen.", "Sagsbehandleren", "Tag stilling til, hvem brevet så skal til, og markér det som håndteret.", []Remedy{OfferDismiss}},
	UnknownRecipient: {Permanent, "Modtageren er ukendt", // error guide 1.1 "Ukendt Slutbruger"
		"Nummeret kan ikke bruges, eller Digital Post kender det ikke. Tit er et ciffer forkert, eller nummeret har bogstaver i de sidste fire.",
		"Prøver ikke igen.", "Dig", "Ret nummeret her, og send. Eller aflever brevet på anden måde, og markér det som håndteret.",
		[]Remedy{OfferCorrect, OfferReplay, OfferPaper, OfferDismiss}},
	ChannelDown: {Temporary, "Digital Post svarede ikke", // error guide 1.1 "Intern serverfejl"
		"Digital Post var ikke til at få fat i. Brevdue har prøvet igen og igen uden held, og brevet er ikke sendt to gange.",
		"Har prøvet igen, til fristen gik.", "Dig", "Send igen, når Digital Post kører. Brevdue spørger først, om brevet allerede er nået frem.", []Remedy{OfferReplay, OfferDismiss}},
	MessageRefused: {Permanent, "Digital Post afviste brevet",
		"Der er noget i brevet, som Digital Post ikke tager imod.",
		"Prøver ikke igen.", "Dig", "Se, hvad der er galt. Er det emnet, så ret det her, og send. Ellers ret dokumentet, upload det igen, og markér dette som håndteret.",
		[]Remedy{OfferCorrect, OfferReplay, OfferDismiss}},
	NotAllowed: {Ours, "Brevdue må ikke sende for jer lige nu",
		"Digital Post har afvist jeres adgang eller certifikat. Det er ikke noget, du har gjort. Resten af jeres breve venter.",
		"Har stoppet jeres afsendelse. IT er underrettet.", "IT", "Vent på IT. Når adgangen er i orden, trykker IT »Send igen fra nu af«, og du sender dette igen.", []Remedy{OfferReplay, OfferDismiss}},
	Refused: {Permanent, "Digital Post afviste brevet efter modtagelsen",
		"Digital Post tog imod brevet, men kvitteringen siger, at det ikke blev leveret.",
		"Prøver ikke igen.", "Dig", "Se årsagen. Ret nummer eller emne her, og send – eller send igen.", []Remedy{OfferCorrect, OfferReplay, OfferDismiss}},
	NoReceipt: {Stuck, "Kvittering mangler",
		"Brevet er afleveret, men Digital Post har ikke kvitteret inden for fristen. Send det ikke igen – modtageren kan have fået det.",
		"Spørger Digital Post, og henter kvitteringen, når den kommer.", "Brevdue", "Spørg Digital Post, eller spørg modtageren, om brevet er kommet.", []Remedy{OfferAsk, OfferDismiss}},
	QueueStalled: {Stuck, "Brevet står stille",
		"Der er ikke sket noget i et stykke tid. Brevdue har lagt det i køen igen.",
		"Lægger det i køen igen.", "Brevdue", "Ingenting.", nil},
	ArchiveFailedCode: {Permanent, "Arkivering fejlede",
		"Brevet er behandlet, men arkivet tog ikke imod det.",
		"Har prøvet igen. Afsendelsen er ikke berørt.", "Dig", "Arkivér igen.", []Remedy{OfferArchive, OfferDismiss}},
	UnreadableDocument: {Permanent, "Dokumentet kan ikke læses",
		"Mindst én side kan ikke læses, så Brevdue ved ikke, hvem den er til. Intet er sendt.",
		"Har stoppet forsendelsen.", "Dig", "Gem dokumentet på ny som PDF med tekst, upload det igen, og markér dette som håndteret.", []Remedy{OfferDismiss}},
	NoRecipientFound: {Permanent, "Der er intet nummer på brevet",
		"Der står intet CPR- eller CVR-nummer i brevhovedet, så brevet er holdt tilbage.",
		"Har holdt brevet tilbage.", "Dig", "Skriv modtagerens nummer her, og send.", []Remedy{OfferCorrect, OfferDismiss}},
	TwoRecipients: {Permanent, "To forskellige numre i samme brev",
		"Brevet har to forskellige numre, så Brevdue ved ikke, hvem det er til. Det er holdt tilbage.",
		"Har holdt brevet tilbage.", "Dig", "Se brevet, skriv det rigtige nummer her, og send.", []Remedy{OfferCorrect, OfferDismiss}},
	WrongName: {Permanent, "Navn og nummer passer ikke sammen",
		"Navnet i brevet er et andet end det, der står ved nummeret på navnelisten. Tit er navne og numre kommet ud af trit i flettefilen. Brevet er holdt tilbage.",
		"Har holdt brevet tilbage.", "Dig", "Se brevet, skriv det rigtige nummer her, og send. Er mange breve ramt, så ret flettefilen, og upload på ny.", []Remedy{OfferCorrect, OfferDismiss}},
	UnreadablePage: {Permanent, "En side i brevet kan ikke læses",
		"Siden er scannet, beskadiget eller skrevet med en skrifttype, der ikke siger, hvilke tegn der står. Brevdue ved ikke, hvem den er til, så brevet er holdt tilbage.",
		"Har holdt brevet tilbage.", "Dig", "Se brevet. Hører siderne sammen, så skriv nummeret her, og send. Ellers ret dokumentet, og upload brevet på ny.", []Remedy{OfferCorrect, OfferDismiss}},
	ActiveContent: {Permanent, "Dokumentet gør noget af sig selv",
		"Dokumentet har JavaScript, handlinger, vedhæftede filer eller skjulte lag. Det kan ikke deles uden fare for, at noget følger med til de forkerte.",
		"Har stoppet forsendelsen.", "Dig", "Udskriv dokumentet til PDF på ny, upload det, og markér dette som håndteret.", []Remedy{OfferDismiss}},
	Malware: {Permanent, "Der er skadelig kode i filen",
		"Virusscanneren har fundet noget i filen. Intet er sendt, og filen kan ikke åbnes her.",
		"Har stoppet forsendelsen.", "Dig og IT", "Giv IT besked, lav dokumentet på ny på en ren maskine, og markér dette som håndteret.", []Remedy{OfferDismiss}},
	Unknown: {Ours, "Intern fejl",
		"Noget gik galt, som Brevdue ikke kender. Brevet er ikke tabt.",
		"Har prøvet igen.", "Dig, og så IT", "Send igen. Hjælper det ikke, så giv IT fejlens reference.", []Remedy{OfferReplay, OfferSplit, OfferDismiss}},
}

// CodeOfReceipt reads the errorCode of a refusal. The codes for recipients are the simulator's invention: the real
// ones are not known (digital-post.md 3.4).
func CodeOfReceipt(errorCode string) Code {
	switch {
	case errorCode == "recipient.not.registered", errorCode == "recipient.exempt":
		return NotEnrolled
	case errorCode == "recipient.unknown":
		return UnknownRecipient
	case errorCode == "recipient.closed":
		return Closed
	case errorCode == DuplicateCode:
		return Refused
	case strings.HasPrefix(errorCode, "memo.") || strings.HasPrefix(errorCode, "file."):
		return MessageRefused
	}
	return Refused
}

// Failure is a row of Ubehandlet: one letter (or one whole shipment) that waits for somebody.
type Failure struct {
	Org       string
	Shipment  string
	Letter    LetterID // "" for a shipment that was stopped, or a dead letter that nobody can read
	Subject   string   // of the shipment, so that a page of rows is one query
	Pages     [2]int
	Recipient string // masked
	Problem   Problem
	Since     time.Time // when what it is about happened: it tells one time from the next

	Message *DeadMessage // a message that is about nothing that we know; nil for all other rows

	Dismissed string    // the reason; "" while it is open
	By        string    // who dismissed it
	Closed    time.Time // when it left Ubehandlet
}

// DeadMessage is a message that nobody could make sense of, as it came.
type DeadMessage struct {
	Queue Queue
	ID    string
	Body  string
}

// FailureKey names a row: a letter has at most one of each kind.
type FailureKey struct {
	Shipment string
	Letter   LetterID
	Message  string // id of a message that is about nothing that we know
	Code     Code
}

// Key returns the key of the row.
func (f *Failure) Key() FailureKey {
	k := FailureKey{Shipment: f.Shipment, Letter: f.Letter, Code: f.Problem.Code}
	if f.Message != nil {
		k.Message = f.Message.ID
	}
	return k
}
