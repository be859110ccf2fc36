package texts

import "brevdue/internal/post"

// Transfer says where a letter stands in an archive outside Brevdue.
func Transfer(t *post.Transfer) string {
	switch t.State {
	case post.Transferred:
		return Say("transfer-filed")
	case post.TransferCompleted:
		return Say("transfer-archived")
	case post.TransferFailed:
		return Say("transfer-failed")
	case post.TransferDismissed:
		return Say("transfer-dismissed")
	case post.TransferUnfiled:
		return Say("transfer-unfiled")
	}
	return Say("transfer-underway")
}

// archiveSentences are about archives outside Brevdue.
var archiveSentences = map[string]string{
	"archive-broke": "Brevdue kunne ikke lægge brevet i arkivet »%v«. IT kan se hvorfor i loggen.",
	"archive-case-doubt": "Arkivet »%v« svarede ikke, da sagen %v blev oprettet, og den kan " +
		"ikke findes. Se i arkivet, om " +
		"den er der. Vælg den som sag her, eller arkivér igen, hvis den mangler: så opretter Brevdue den.",
	"archive-case-unknown": "Arkivet »%v« har ingen sag med nummeret %v. Vælg en anden sag, og arkivér igen.",
	"archive-case-none":    "Arkivet »%v« har ingen sag til modtageren, og Brevdue må ikke oprette den. Vælg en sag.",
	"archive-cases-many":   "Arkivet »%v« har %v sager til modtageren, der passer. Vælg den rigtige sag.",
	"archive-case-closed":  "Sagen %v i arkivet »%v« er lukket. Vælg en anden sag, eller åbn den.",
	"archive-wrong-party": "Sagen %v i arkivet »%v« har ikke modtageren som part. Vælg den " +
		"rigtige sag, og flyt det, der er " +
		"lagt i den.",
	"archive-doubt": "Arkivet svarede ikke, da »%v« blev lagt i »%v«, og det kan ikke findes " +
		"der. Se i arkivet, om det " +
		"er der. Mangler det, så arkivér igen. Er det der, så markér det som håndteret.",
	"archive-unreachable": "Arkivet »%v« kan ikke bruges lige nu, eller tog ikke imod brevet.",
	"archive-refused":     "Arkivet »%v« tog ikke imod brevet. Ret det i arkivet, eller vælg en anden sag.",
	"archive-login":       "Arkivet »%v« lukker ikke Brevdue ind. IT skal se på brugernavn og adgangskode.",
	"archive-folder-open": "Mappen til arkivet »%v« kan læses af andre på maskinen. IT skal fjerne deres adgang.",
	"archive-folder-none": "Installationen har ingen mappe til arkiver. Giv den med serve " +
		"--archive-folder, eller brug WebDAV.",
	"archive-folder-gone":    "Mappen til arkivet »%v« er der ikke. Er drevet koblet på?",
	"archive-folder-url":     "En arkivmappe har ingen adresse. Brug slagsen webdav til en adresse.",
	"archive-folder-outside": "Mappen %v ligger ikke under installationens mappe til arkiver.",
	"archive-file-changed": "I arkivet »%v« ligger der en anden fil under navnet %v. Brevdue har lagt " +
		"sin ved siden af.",
	"archive-sbsys-fields": "SBSYS skal have clientId, clientSecret, user, password, caseType og documentKind.",
	"archive-sbsys-ids": "SBSYS' caseType, documentKind, caseTemplate og caseworker er numre, og caseTemplate " +
		"kræver en caseworker.",
	"archive-another": "Arkivet »%v« er sat op med en anden slags, adresse eller mappe. Giv et nyt id, og " +
		"afslut det gamle med --end.",
	"archive-sbsys-company": "SBSYS-arkivet »%v« kan kun tage imod breve til personer. Læg " +
		"brevet i SBSYS selv, og markér det " +
		"som håndteret.",
	"archive-sbsys-person": "SBSYS-arkivet »%v« kender ikke modtageren. Opret personen i SBSYS, og arkivér igen.",
	"archive-f2-fields":    "F2 skal have clientId og clientSecret.",
	"archive-f2-kle": "F2 opretter en sag med et emneord. Giv dokumenttypen et KLE-nummer, eller sæt kle " +
		"for arkivet »%v«.",
	"archive-kind":        "»%v« er ikke folder, webdav, sbsys eller f2.",
	"archive-url":         "Arkivets adresse skal være en https-adresse uden brugernavn og adgangskode.",
	"archive-unknown":     "Organisationen har intet arkiv med id »%v«.",
	"archive-ended":       "Arkivet »%v« tager ikke imod flere breve.",
	"archive-message":     "%v, meddelelse",
	"archive-receipt":     "%v, kvittering",
	"audit-archive":       "arkivet %v sat op",
	"audit-archive-ended": "arkivet %v tager ikke imod mere",
	"case-name-dots":      "Sagens navn må ikke begynde med et punktum eller have to punktummer efter hinanden.",
	"concerns-typed-only": "Hvem brevet handler om, kan kun siges, når modtagerne er tastet. Ellers handler det om " +
		"modtageren.",
	"the-one-concerned":  "den, brevet handler om",
	"place-archive":      "Arkivets oplysninger",
	"place-case":         "Sagens nummer",
	"setting-cases":      "En dokumenttypes sager er »sag pr. type«, »sagsnummer« eller ingen af dem.",
	"type-needs-case":    "Breve af typen »%v« skal have et sagsnummer.",
	"transfer-filed":     "Arkiveret (afventer kvittering)",
	"transfer-archived":  "Arkiveret",
	"transfer-failed":    "Arkivering fejlet",
	"transfer-unfiled":   "Intet lagt der",
	"case-typed":         "Skriv sagens nummer i arkivet.",
	"transfer-dismissed": "Arkiveret på anden måde",
	"transfer-underway":  "Arkiveres",
}
