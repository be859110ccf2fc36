package texts

import "brevdue/internal/post"

// Explanation is what a user reads of a failure.
type Explanation struct {
	Title string
	Why   string
	Auto  string // what Brevdue does by itself
	Actor string // who acts
	Do    string // what the user can do
}

// Explain returns what a user reads of a code.
func Explain(c post.Code) Explanation {
	e, ok := explanations[c]
	if !ok {
		e = explanations[post.Unknown]
	}
	return e
}

// Problem returns what a user reads of a problem.
func Problem(p *post.Problem) string {
	if p.Text != "" {
		return Of(p.Text)
	}
	return Explain(p.Code).Why
}

// explanations are the failure table's words (reliability.md; the titles follow the error guide 1.1 where it has one).
var explanations = map[post.Code]Explanation{
	post.NotEnrolled: {
		Title: "Modtageren er ikke tilmeldt Digital Post",
		Why: "Modtageren er fritaget eller har ikke taget sin Digital Post i brug. Er man lige fyldt " +
			"15, kan der gå op til 30 dage.",
		Auto:  "Prøver ikke igen.",
		Actor: "Dig",
		Do: "Aflever brevet på anden måde, og markér det som håndteret. Eller send det igen, når " +
			"modtageren er tilmeldt – du kan vælge en dag.",
	},
	post.Closed: {
		Title: "Modtagerens Digital Post er lukket",
		Why: "Personen er død, eller virksomheden er ophørt. Brevet bliver ikke sendt på anden måde af " +
			"sig selv.",
		Auto:  "Prøver ikke igen.",
		Actor: "Sagsbehandleren",
		Do:    "Tag stilling til, hvem brevet så skal til, og markér det som håndteret.",
	},
	post.UnknownRecipient: {
		Title: "Modtageren er ukendt",
		Why: "Nummeret kan ikke bruges, eller Digital Post kender det ikke. Tit er et ciffer forkert, " +
			"eller nummeret har bogstaver i de sidste fire.",
		Auto:  "Prøver ikke igen.",
		Actor: "Dig",
		Do: "Ret nummeret i Ubehandlet, og send. Eller aflever brevet på anden måde, og markér det som " +
			"håndteret.",
	},
	post.ChannelDown: {
		Title: "Digital Post svarede ikke",
		Why: "Digital Post var ikke til at få fat i. Brevdue har prøvet igen og igen uden held, og " +
			"brevet er ikke sendt to gange.",
		Auto:  "Har prøvet igen, til fristen gik.",
		Actor: "Dig",
		Do:    "Send igen, når Digital Post kører. Brevdue spørger først, om brevet allerede er nået frem.",
	},
	post.EnrollmentChanged: {
		Title: "Modtagerens tilmelding er ændret",
		Why:   "Ved gennemsynet sagde kontaktregistret noget andet om modtageren end nu. Brevet er ikke sendt.",
		Auto:  "Har holdt brevet tilbage, lige før det skulle sendes.",
		Actor: "Dig",
		Do: "Kontrollér modtageren. Send det igen, hvis brevet skal af sted alligevel. Ellers aflever det på anden " +
			"måde, og markér det som håndteret.",
	},
	post.Unconfirmed: {
		Title: "Digital Post har ikke bekræftet brevet",
		Why: "Brevet blev afleveret sammen med mange andre, og Digital Post siger hverken, at det har det, eller at " +
			"det ikke har. Modtageren kan have fået det.",
		Auto:  "Har spurgt igen og igen, til fristen gik. Sender ikke igen af sig selv.",
		Actor: "Dig",
		Do: "Haster det, så spørg modtageren. Send igen, hvis du tager det på dig: brevet får samme besked-id, så " +
			"Digital Post kan se, om det er det samme.",
	},
	post.MessageRefused: {
		Title: "Digital Post afviste brevet",
		Why:   "Der er noget i brevet, som Digital Post ikke tager imod.",
		Auto:  "Prøver ikke igen.",
		Actor: "Dig",
		Do: "Se, hvad der er galt. Er det emnet, så ret det i Ubehandlet, og send. Ellers ret " +
			"dokumentet, upload det igen, og markér dette som håndteret.",
	},
	post.NotAllowed: {
		Title: "Brevdue må ikke sende for jer lige nu",
		Why: "Digital Post har afvist jeres adgang eller certifikat. Det er ikke noget, du har gjort. " +
			"Resten af jeres breve venter.",
		Auto:  "Har stoppet jeres afsendelse, og giver besked til den, der er skrevet på under Drift.",
		Actor: "IT",
		Do: "Er ingen skrevet på, så giv selv IT besked. Når adgangen er i orden, trykker IT »Send " +
			"igen fra nu af« under Drift, og du sender dette igen.",
	},
	post.Refused: {
		Title: "Digital Post afviste brevet efter modtagelsen",
		Why:   "Digital Post tog imod brevet, men kvitteringen siger, at det ikke blev leveret.",
		Auto:  "Prøver ikke igen.",
		Actor: "Dig",
		Do:    "Se årsagen. Ret nummer eller emne i Ubehandlet, og send – eller send igen.",
	},
	post.NoReceipt: {
		Title: "Kvittering mangler",
		Why: "Brevet er afleveret, men Digital Post har ikke kvitteret inden for fristen. Send det ikke " +
			"igen – modtageren kan have fået det.",
		Auto:  "Spørger Digital Post, og henter kvitteringen, når den kommer.",
		Actor: "Brevdue",
		Do:    "Spørg Digital Post, eller spørg modtageren, om brevet er kommet.",
	},
	post.QueueStalled: {
		Title: "Brevet står stille",
		Why: "Der er ikke sket noget i et stykke tid. Brevdue har lagt det i køen igen. Det står i " +
			"brevets forløb.",
		Auto:  "Lægger det i køen igen.",
		Actor: "Brevdue",
		Do:    "Ingenting.",
	},
	post.ChangedAnswer: {
		Title: "Digital Post har ændret sit svar",
		Why: "Digital Post har sagt noget andet om brevet, efter at det var afsluttet. Brevets flueben " +
			"er uændrede.",
		Auto:  "Gemmer kvitteringen, og sender ikke brevet igen.",
		Actor: "Dig",
		Do: "Spørg modtageren, om brevet er kommet. Aflever det på anden måde, hvis det ikke er, og " +
			"markér det som håndteret.",
	},
	post.ArchiveFailedCode: {
		Title: "Arkivering fejlede",
		Why:   "Brevet er behandlet, men arkivet tog ikke imod det.",
		Auto:  "Har prøvet igen. Afsendelsen er ikke berørt.",
		Actor: "Dig",
		Do:    "Arkivér igen, eller vælg en anden sag i et arkiv uden for Brevdue.",
	},
	post.UnreadableDocument: {
		Title: "Dokumentet kan ikke læses",
		Why:   "Mindst én side kan ikke læses, så Brevdue ved ikke, hvem den er til. Intet er sendt.",
		Auto:  "Har stoppet forsendelsen.",
		Actor: "Dig",
		Do:    "Gem dokumentet på ny som PDF med tekst, upload det igen, og markér dette som håndteret.",
	},
	post.NoRecipientFound: {
		Title: "Der er intet nummer på brevet",
		Why:   "Der står intet CPR- eller CVR-nummer i brevhovedet, så brevet er holdt tilbage.",
		Auto:  "Har holdt brevet tilbage.",
		Actor: "Dig",
		Do:    "Vælg »Ret og send« i Ubehandlet, og skriv modtagerens nummer.",
	},
	post.TwoRecipients: {
		Title: "To forskellige numre i samme brev",
		Why: "Brevet har to forskellige numre, så Brevdue ved ikke, hvem det er til. Det er holdt " +
			"tilbage.",
		Auto:  "Har holdt brevet tilbage.",
		Actor: "Dig",
		Do:    "Se brevet, vælg »Ret og send« i Ubehandlet, og skriv det rigtige nummer.",
	},
	post.WrongName: {
		Title: "Navn og nummer passer ikke sammen",
		Why: "Navnet i brevet er et andet end det, der står ved nummeret på navnelisten. Tit er navne " +
			"og numre kommet ud af trit i flettefilen. Brevet er holdt tilbage.",
		Auto:  "Har holdt brevet tilbage.",
		Actor: "Dig",
		Do: "Se brevet, vælg »Ret og send« i Ubehandlet, og skriv det rigtige nummer. Er mange breve " +
			"ramt, så ret flettefilen, og upload på ny.",
	},
	post.DoubtfulRecipient: {
		Title: "Det er ikke sikkert, hvem brevet er til",
		Why: "Navn, adresse eller andre numre i brevet taler imod, at nummeret er modtagerens. Brevet " +
			"er holdt tilbage.",
		Auto:  "Har holdt brevet tilbage.",
		Actor: "Dig",
		Do: "Se brevet, vælg »Ret og send« i Ubehandlet, og skriv modtagerens nummer – eller markér " +
			"det som håndteret.",
	},
	post.UnreadablePage: {
		Title: "En side i brevet kan ikke læses",
		Why: "Siden er scannet, beskadiget eller skrevet med en skrifttype, der ikke siger, hvilke tegn " +
			"der står. Brevdue ved ikke, hvem den er til, så brevet er holdt tilbage.",
		Auto:  "Har holdt brevet tilbage.",
		Actor: "Dig",
		Do: "Se brevet. Hører siderne sammen, så vælg »Ret og send« i Ubehandlet, og skriv nummeret. " +
			"Ellers ret dokumentet, og upload brevet på ny.",
	},
	post.ActiveContent: {
		Title: "Dokumentet gør noget af sig selv",
		Why: "Dokumentet har JavaScript, handlinger, vedhæftede filer eller skjulte lag. Det kan ikke " +
			"deles uden fare for, at noget følger med til de forkerte.",
		Auto:  "Har stoppet forsendelsen.",
		Actor: "Dig",
		Do:    "Udskriv dokumentet til PDF på ny, upload det, og markér dette som håndteret.",
	},
	post.UnfitAttachment: {
		Title: "Et bilag kan ikke sendes",
		Why: "Et bilag er ikke det, dets navn siger, er låst, gør noget af sig selv, eller fylder for " +
			"meget. Intet er sendt.",
		Auto:  "Har stoppet forsendelsen.",
		Actor: "Dig",
		Do:    "Ret eller udelad bilaget, upload det hele igen, og markér dette som håndteret.",
	},
	post.Malware: {
		Title: "Der er skadelig kode i filen",
		Why:   "Virusscanneren har fundet noget i filen. Intet er sendt, og filen kan ikke åbnes her.",
		Auto:  "Har stoppet forsendelsen.",
		Actor: "Dig og IT",
		Do:    "Giv IT besked, lav dokumentet på ny på en ren maskine, og markér dette som håndteret.",
	},
	post.Unknown: {
		Title: "Intern fejl",
		Why:   "Noget gik galt, som Brevdue ikke kender. Brevet er ikke tabt.",
		Auto:  "Har prøvet igen.",
		Actor: "Dig, og så IT",
		Do:    "Send igen. Hjælper det ikke, så giv IT fejlens reference.",
	},
}
