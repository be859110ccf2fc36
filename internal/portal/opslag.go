package portal

import (
	"fmt"

	"brevdue/internal/post"
)

// lookUpLine is what the register says of some of a shipment's recipients, and what happens to their letters.
type lookUpLine struct {
	mark
	Text string
}

// lookUpMarks are what a letter's row says where its recipient is not simply enrolled.
var lookUpMarks = map[post.Enrollment]string{
	post.Exempt: "Fritaget for Digital Post", post.NoMailbox: "Lukket: død eller ophørt",
	post.Unlisted: "Ukendt i kontaktregistret",
}

// lookUpOf is what is known of the recipients of a shipment in review; nothing while the register is asked.
func (p *Portal) lookUpOf(v *visit, s *post.Shipment, letters []*post.Letter) ([]lookUpLine, *post.LookUp, error) {
	l, err := p.LookUps.LookUp(v.Context(), s.Org, s.ID)
	if err != nil || l.Asking(p.Now()) {
		return nil, l, err
	}
	if why := troubleText(l); why != "" {
		return []lookUpLine{{mark{Icon: "info"}, why}}, l, nil
	}
	return lookUpLines(l.Count(letters, p.Now()), s.Options.Mandatory), l, nil
}

// troubleText says why nobody was looked up; "" where somebody was.
func troubleText(l *post.LookUp) string {
	why := ""
	switch l.Trouble() {
	case "":
		return ""
	case post.LookUpNoRegister:
		why = "I har ikke adgang til kontaktregistret"
	case post.LookUpTooMany:
		why = "der er flere end " + thousands(post.LookUpMost)
	default:
		why = "kontaktregistret svarer ikke"
	}
	return "Modtagerne er ikke slået op: " + why + ". Digital Post afgør det."
}

func lookUpLines(n map[post.Enrollment]int, mandatory bool) (lines []lookUpLine) {
	add := func(e post.Enrollment, icon, one, many, then string) {
		if n[e] == 0 {
			return
		}
		text := fmt.Sprintf("%d %s", n[e], map[bool]string{true: one, false: many}[n[e] == 1])
		lines = append(lines, lookUpLine{mark{Icon: icon}, text + then})
	}
	const fails = " Brevet bliver afvist og står bagefter i Ubehandlet."
	exempt := fails
	if mandatory {
		exempt = " Det er obligatorisk post, så brevet når frem alligevel."
	}
	add(post.Registered, "success", "modtager er tilmeldt.", "modtagere er tilmeldt.", "")
	add(post.Exempt, "warning", "er fritaget.", "er fritaget.", exempt)
	add(post.NoMailbox, "warning", "er lukket: død eller ophørt.", "er lukket: døde eller ophørte.", fails)
	add(post.Unlisted, "warning", "er ukendt: kontrollér nummeret.", "er ukendte: kontrollér numrene.", fails)
	add(post.NotLookedUp, "info", "er ikke slået op.", "er ikke slået op.", " Digital Post afgør det.")
	return lines
}

// pressOpslag has the register asked once more, as after corrections.
func (p *Portal) pressOpslag(v *visit) error {
	if err := p.LookUpCommands.LookUpRecipients(v.Context(), v.who, v.PathValue("id")); err != nil {
		return err
	}
	return v.redirect("/afsend/" + v.PathValue("id"))
}
