package portal

import (
	"time"

	"brevdue/internal/post"
)

// chosen are the choices of a shipment in words, repeated before Send and shown again with each letter.
func chosen(s *post.Shipment) []string {
	o := &s.Options
	var all []string
	add := func(is bool, text string) {
		if is {
			all = append(all, text)
		}
	}
	add(s.AllowReply && o.ReplyBy == "", "Modtageren kan svare")
	add(o.ReplyBy != "", "Modtageren kan svare senest "+day(o.ReplyBy))
	add(o.DeliverOn != "", "Leveres tidligst "+day(o.DeliverOn))
	add(o.Notification != "", "Besked: »"+o.Notification+"«")
	add(o.Mandatory, "Obligatorisk post")
	add(o.Legal, "Forkyndelse: "+o.LegalReason)
	if o.TypeName != "" {
		text := "Dokumenttype: " + o.TypeName
		if s.Area.KLE != "" {
			text += " (KLE " + s.Area.KLE + ")"
		}
		all = append(all, text)
	}
	add(s.RemoveCPR, "CPR-nummeret fjernes fra brevene")
	add(len(s.TypedUnits) > 0, "Breve til en P-enhed kan læses i hele virksomhedens postkasse")
	add(s.Case != "", "Arkiveres i "+caseText(s.Case))
	return all
}

// chosenHere are the choices that hold for whoever sends: they are repeated before Send.
func (p *Portal) chosenHere(v *visit, s *post.Shipment) []string {
	all := []string{"Afsender: " + s.Sender.Name + ", CVR " + s.Sender.Number.Reveal()}
	archives := "Arkiveres i Brevdue"
	for _, id := range s.Archives {
		archives += " og " + v.org.ArchiveName(id)
	}
	all = append(all, archives)
	if !s.RemoveCPR {
		all = append(all, "CPR-nummeret bliver stående i brevene")
	}
	if !s.AllowReply {
		all = append(all, "Modtageren kan ikke svare")
	}
	if v.org.FourEyes > 0 {
		all = append(all, "En anden skal godkende fra "+count(v.org.FourEyes, "brev", "breve")+" om dagen")
	}
	return all
}

// day writes a day that stands as 2026-12-24.
func day(text string) string {
	at, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return text
	}
	return at.Format("2.1.2006")
}

// availability says when a letter became available to its recipient: only that starts a deadline (practice.md C14).
func availability(s *post.Shipment, l *post.Letter) string {
	switch at := l.Available(&s.Options); {
	case !at.IsZero():
		return at.In(post.Denmark()).Format("2.1.2006 kl. 15.04")
	case l.State == post.HandedOver && s.Options.DeliverOn != "":
		return "Ikke endnu: leveres tidligst " + day(s.Options.DeliverOn) + ". Ingen frist løber."
	}
	return "Ikke endnu. Ingen frist løber."
}

// notified says when a letter's recipient was legally notified; "" for a letter that is no legal notification. A
// receipt does not say it (practice.md C7).
func notified(s *post.Shipment, l *post.Letter) string {
	switch {
	case !s.Options.Legal:
		return ""
	case l.Notified.IsZero():
		return "Ikke endnu. Kun Digital Posts egen melding om forkyndelse tæller, ikke kvitteringen."
	}
	return l.Notified.In(post.Denmark()).Format("2.1.2006 kl. 15.04")
}
