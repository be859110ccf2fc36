package texts

import (
	"fmt"
	"slices"
	"strings"

	"brevdue/internal/post"
)

// notices say each kind of notice. %s is what it is about.
var notices = map[post.NoticeKind]struct{ title, text string }{
	post.ShipmentErrors: {"Breve venter på dig",
		"Breve i forsendelsen %s kunne ikke sendes. De står i Ubehandlet med årsag og næste skridt."},
	post.QueueStands: {"En kø står stille",
		"Breve har stået stille længere end normalt. Brevdue har lagt dem i køen igen."},
	post.DigitalPostDown: {"Digital Post svarer ikke",
		"Breve venter, og bliver sendt, når Digital Post svarer. Intet bliver sendt to gange, og du skal ikke gøre " +
			"noget."},
	post.DigitalPostUp: {"Digital Post svarer igen", "Det, der ventede, bliver sendt nu."},
	post.SendingStopped: {"Afsendelsen er stoppet",
		"Intet bliver sendt, før nogen trykker »Send igen fra nu af«."},
	post.MachineTrouble: {"Der er noget galt med maskinen, Brevdue kører på",
		"Disken er fuld, eller er det snart. Breve venter, til der er plads igen, og intet er tabt. " +
			"IT skal gøre plads."},
	post.ShipmentHeld: {"En planlagt forsendelse er ikke sendt",
		"Den, der havde sendt eller godkendt forsendelsen %s, må ikke længere. Den venter på gennemsyn."},
	post.ShipmentEnded: {"En forsendelse er færdig",
		"Forsendelsen %s er færdig. %d breve er tilgængelige for modtagerne; for %d løber ingen frist. " +
			"Hvert brevs dag står i loggen."},
	post.EmergencyLogin: {"Nogen er logget ind med en nødkode",
		"En af de to brugere, der kan logge ind uden om arbejdspladsens login, har gjort det. Se i revisionssporet, " +
			"om det var meningen."},
	post.CertificateExpires: {"Certifikatet udløber",
		"Certifikatet til Digital Post udløber om højst %s dage. Forny det i god tid."},
}

// Notices writes a message about notices: what happened and where to look, and nothing about anybody. link is the page
// that a kind is shown on.
func Notices(all []post.Notice, link func(post.NoticeKind) string) (subject, text string) {
	var b strings.Builder
	var titles []string
	for _, n := range all {
		words := notices[n.Kind]
		if !slices.Contains(titles, words.title) {
			titles = append(titles, words.title)
		}
		line := words.text
		if strings.Contains(line, "%s") {
			about, _, _ := strings.Cut(n.About, "-")
			if args := []any{about}; n.Letters != nil {
				line = fmt.Sprintf(line, append(args, n.Letters.Available, n.Letters.NoDeadline)...)
			} else {
				line = fmt.Sprintf(line, args...)
			}
		}
		fmt.Fprintf(&b, "%s\n%s\n\n", line, link(n.Kind))
	}
	subject = "Brevdue: " + titles[0]
	if more := len(titles) - 1; more == 1 {
		subject += " – og én anden ting"
	} else if more > 1 {
		subject += fmt.Sprintf(" – og %d andre ting", more)
	}
	return subject, b.String()
}
