package portal

import "brevdue/internal/post"

const (
	notAPersonText  = "Det er ikke et CPR- eller CVR-nummer."
	nobodyAskedText = "Skriv et nummer eller et brugernavn."
)

// actionNames are what is in the audit log, as people say it.
var actionNames = map[post.Action]string{
	post.ActCreate:     "oprettede forsendelsen",
	post.ActSend:       "sendte",
	post.ActCancel:     "annullerede",
	post.ActUndo:       "fortrød afsendelsen",
	post.ActPause:      "satte på pause",
	post.ActContinue:   "fortsatte",
	post.ActSee:        "så",
	post.ActReplay:     "prøvede igen fra Ubehandlet",
	post.ActCorrect:    "rettede og sendte",
	post.ActDismiss:    "markerede som håndteret",
	post.ActStop:       "stoppede al afsendelse",
	post.ActStart:      "startede afsendelsen",
	post.ActIncident:   "hentede dokumentation",
	post.ActLogin:      "loggede ind",
	post.ActRefused:    "blev afvist ved log ind",
	post.ActLocked:     "blev låst ude",
	post.ActExport:     "hentede alt om en person",
	post.ActErase:      "slettede tekster i sporet",
	post.ActSubscribe:  "ændrede, hvem der får besked",
	post.ActSplit:      "delte dokumentet",
	post.ActEdit:       "rettede delingen",
	post.ActProfile:    "ændrede en profil",
	post.ActFailed:     "opgav forsendelsen",
	post.ActBackup:     "tog en sikkerhedskopi",
	post.ActOrganize:   "ændrede organisationen",
	post.ActAccess:     "gav ny kode eller nøgle",
	post.ActUser:       "ændrede en bruger",
	post.ActKey:        "ændrede en API-nøgle",
	post.ActLogout:     "sluttede en session",
	post.ActFactor:     "ændrede to-trins-login",
	post.ActSettings:   "ændrede indstillinger",
	post.ActApprove:    "godkendte",
	post.ActDecline:    "afviste at godkende",
	post.ActAsk:        "bad om godkendelse",
	post.ActRecipients: "ændrede modtagerlisten",
	post.ActRehearse:   "holdt generalprøve; intet er sendt",
	post.ActSearch:     "søgte efter en person",
	post.ActAudit:      "læste revisionssporet",
}

func actionName(a post.Action) string {
	if name, ok := actionNames[a]; ok {
		return name
	}
	return string(a)
}
