package portal

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"brevdue/internal/post"
	"brevdue/internal/texts"
)

// afsendPage is the form of a new shipment, with what was typed and what is wrong with it.
type afsendPage struct {
	Subject    string
	SubjectMax int
	Senders    []post.Sender
	Sender     string
	EveryPage  bool
	Typed      bool
	Numbers    string
	Concerns   string
	Lists      []post.RecipientList
	List       string // id of the one that is chosen
	Reply      bool
	Options    post.Options
	MayLegal   bool
	NotifyMax  int
	Remove     bool
	Profiles   []string
	Profile    string
	Case       string
	Archives   []archiveChoice
	Units      []post.Unit
	Types      []post.DocumentType
	Unit, Type string
	Private    bool
	Names      string // of attachments, one a line: without script they are announced by name
	LimitMB    int64
	Mistakes   mistakes
	Replaces   string // id of the shipment whose document is uploaded again
}

// archiveChoice is an archive outside Brevdue that letters can be put into.
type archiveChoice struct {
	ID, Name string
	Chosen   bool
}

func (p *Portal) newAfsend(v *visit) (afsendPage, error) {
	form := afsendPage{
		SubjectMax: post.SubjectLimit, Senders: v.org.Senders, LimitMB: p.UploadLimit >> 20, Units: v.org.Units,
		Types: v.org.Types, Unit: v.who.Unit, MayLegal: v.who.Grants.May(post.RightLegal),
		NotifyMax: post.NotificationLimit,
	}
	for _, c := range v.org.OpenArchives() {
		form.Archives = append(form.Archives, archiveChoice{ID: c.ID, Name: c.Name})
	}
	var err error
	if form.Lists, err = p.RecipientLists.RecipientLists(v.Context(), v.who.Org, v.who.Sight()); err != nil {
		return form, err
	}
	profiles, err := p.Profiles.Profiles(v.Context(), v.who.Org)
	for _, profile := range profiles {
		form.Profiles = append(form.Profiles, profile.Name)
	}
	return form, err
}

func (p *Portal) showAfsend(v *visit) error {
	form, err := p.newAfsend(v)
	if err != nil {
		return err
	}
	if id := v.FormValue("erstatter"); id != "" { // a document that could not be split
		old, err := p.Shipments.Get(v.Context(), v.who.Org, id)
		if err != nil {
			return err
		}
		if v.who.Sight().Opens(old.Area) && old.State == post.SplitRefused {
			form.Replaces, form.Subject, form.Sender = id, old.Subject, old.Sender.Number.Reveal()
			form.EveryPage, form.Reply, form.Remove = old.Rule == post.EveryPage, old.AllowReply, old.RemoveCPR
			form.Case, form.Unit, form.Type, form.Options = old.Case, old.Area.Unit, old.Area.DocumentType, old.Options
			form.Private = old.Area.Confidential
		}
	}
	return p.show(v, http.StatusOK, "afsend", "afsend", "Ny forsendelse", form)
}

// afsend takes the form. The files are not in it: with script they are named in hidden fields and then sent to their
// presigned addresses; without, the next page has a form for each.
func (p *Portal) afsend(v *visit) error {
	o := orderOf(v)
	if wantsJSON(v.Request) { // the script goes on by itself
		o.After = ""
	}
	s, links, err := p.Commands.Create(v.Context(), v.who, o)
	if wrong := mistakesOf(err); wrong != nil {
		return p.wrongOrder(v, o, wrong)
	}
	if err != nil {
		return err
	}
	next := "/afsend/" + s.ID
	for i, l := range links {
		links[i] = p.here(v, l)
	}
	if wantsJSON(v.Request) {
		return writeJSON(
			v.w,
			http.StatusCreated,
			map[string]any{"next": address(next, received, "alle"), "uploads": links},
		)
	}
	return v.redirect(next)
}

func wantsJSON(r *http.Request) bool {
	return strings.Contains(r.Header.Get("Accept"), "application/json")
}

func writeJSON(w http.ResponseWriter, status int, body any) error {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	return json.NewEncoder(w).Encode(body)
}

// orderOf reads the form of Afsend. It works without script too: then sizes and the document's name are not known.
func orderOf(v *visit) post.Order {
	o := post.Order{
		Subject:    v.PostFormValue("emne"),
		Sender:     v.PostFormValue("afsender"),
		Rule:       post.Rule(v.PostFormValue("regel")),
		AllowReply: v.PostFormValue("svar") != "",
		Options:    optionsOf(v),
		Case:       strings.TrimSpace(v.PostFormValue("sag")),
		Archives:   v.PostForm["arkiv"],
		Unit:       v.PostFormValue("enhed"),
		Type:       v.PostFormValue("type"),
		Private:    v.PostFormValue("fortrolig") != "",
		Review:     true,
		RemoveCPR:  v.PostFormValue("fjern") != "",
		Profile:    v.PostFormValue("profil"),
		Names:      post.FileOrder{Name: v.PostFormValue("navne")},
		Replaces:   v.PostFormValue("erstatter"),
		Document:   post.FileOrder{Name: v.PostFormValue("dokument")},
		After:      v.base() + "/afsend/{id}",
	}
	if o.Profile != "" { // its rule goes, not the one that the form happens to show
		o.Rule = ""
	}
	if o.Document.Name == "" { // without script nobody knows the name yet; the recipient sees another one anyway
		o.Document.Name = "Dokument.pdf"
	}
	if v.PostFormValue("modtagere") == "selv" {
		o.Recipients, o.List = lines(v.PostFormValue("numre")), v.PostFormValue("liste")
		if len(o.Recipients) == 0 && o.List == "" {
			o.Recipients = []string{""} // a choice without numbers is a mistake, not the other choice
		}
		o.Concerns = strings.TrimSpace(v.PostFormValue("handlerom"))
	}
	o.Document.Size = bytesOf(v.PostFormValue("dokumentbytes"))
	sizes := v.PostForm["bilagbytes"] // in the order of the names
	for i, name := range append(v.PostForm["bilag"], lines(v.PostFormValue("bilagsnavne"))...) {
		file := post.FileOrder{Name: name}
		if i < len(sizes) {
			file.Size = bytesOf(sizes[i])
		}
		o.Attachments = append(o.Attachments, file)
	}
	return o
}

// optionsOf reads what is chosen for the messages.
func optionsOf(v *visit) post.Options {
	text := func(name string) string { return strings.TrimSpace(v.PostFormValue(name)) }
	o := post.Options{
		ReplyBy: text("svarfrist"), DeliverOn: text("levering"), Notification: text("besked"),
		Mandatory: text("obligatorisk") != "", Legal: text("forkyndelse") != "",
	}
	if o.Legal {
		o.LegalReason = text("begrundelse")
	}
	return o
}

// bytesOf reads a size that the script tells; 0 where there is none.
func bytesOf(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

func lines(text string) []string {
	var out []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

// wrongOrder shows the form again, or tells the script what is wrong.
func (p *Portal) wrongOrder(v *visit, o post.Order, wrong mistakes) error {
	if wantsJSON(v.Request) {
		return writeJSON(v.w, http.StatusUnprocessableEntity, map[string]any{"errors": wrong})
	}
	form, err := p.newAfsend(v)
	if err != nil {
		return err
	}
	form.Remove, form.Profile, form.Options = o.RemoveCPR, o.Profile, o.Options
	form.Unit, form.Type, form.Private = o.Unit, o.Type, o.Private
	form.Subject, form.Sender, form.EveryPage, form.Reply, form.Case = o.Subject, o.Sender, o.Rule == post.EveryPage,
		o.AllowReply, o.Case
	for i, a := range form.Archives {
		form.Archives[i].Chosen = slices.Contains(o.Archives, a.ID)
	}
	form.Typed, form.Numbers, form.Names = v.PostFormValue("modtagere") == "selv", v.PostFormValue(
		"numre",
	), v.PostFormValue("bilagsnavne")
	form.List, form.Concerns, form.Replaces = o.List, o.Concerns, v.PostFormValue("erstatter")
	form.Mistakes = slices.Clone(wrong)
	for i, m := range form.Mistakes {
		if m.At == "bilag" { // without script attachments are announced by name
			form.Mistakes[i].At = "bilagsnavne"
		}
	}
	return p.show(v, http.StatusUnprocessableEntity, "afsend", "afsend", "Ny forsendelse", form)
}

// replaced takes the row of a document that could not be split out of Ubehandlet, once the one that takes its place is
// sent. Where that cannot be done the row stays, and a person takes it out.
func (p *Portal) replaced(v *visit, by *post.Shipment) {
	if by.Replaces == "" || !v.who.May(post.RightUnhandled) {
		return
	}
	s, err := p.Shipments.Get(v.Context(), v.who.Org, by.Replaces)
	if err != nil || s.State != post.SplitRefused {
		return
	}
	_, err = p.Remedies.Dismiss(v.Context(), v.who, []post.FailureFilter{{Shipment: s.ID}},
		texts.Say("replaced-by", by.ID))
	if err != nil {
		slog.Error("the row of a document that was replaced stays", "shipment", s.ID, "error", err)
	}
}
