package portal

import "brevdue/internal/post"

// Danish of the pages of Administration.

const (
	forbiddenHeading  = "Det har du ikke adgang til"
	everythingText    = "Alt (fra før der var grupper)"
	importAddsText    = "Oprettes"
	importChangesText = "Ændres"
	notANumberText    = "»%s« er ikke et tal."
	confidentialText  = "Fortrolig"
	importExample     = "mette.lindholm;Mette Lindholm;mette.lindholm@eksempel.dk;Afsendere|Godkendere"
)

// rightHints say what each right is.
var rightHints = map[post.Right]string{
	post.RightWrite:        "Lave forsendelser og rette dem i gennemsynet.",
	post.RightSend:         "Sende, fortryde, sætte på pause og annullere.",
	post.RightApprove:      "Godkende, hvad en anden vil sende.",
	post.RightSeeAll:       "Se det, andre har lavet. Sit eget ser man altid.",
	post.RightConfidential: "Åbne det, andre har markeret som fortroligt.",
	post.RightUnhandled:    "Sende igen, rette og markere som håndteret i Ubehandlet.",
	post.RightInbox:        "Læse og fordele post, der kommer ind.",
	post.RightArchive:      "Læse i arkivet.",
	post.RightReveal:       "Se CPR-numre i klar tekst.",
	post.RightAdminister:   "Brugere, grupper, nøgler og indstillinger.",
	post.RightOperate:      "Stopknap, beskeder, dokumentation og sikkerhedskopi.",
	post.RightAudit:        "Læse revisionssporet.",
	post.RightLegal:        "Sende forkyndelser. En anden skal altid godkende dem.",
}
