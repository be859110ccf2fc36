package portal

// danger is a button that asks first: the question opens under it, with and without script, and Enter twice does not
// do what cannot be undone.
type danger struct {
	Label, Of string // on the button; Of is for who hears it without the row it stands in
	Action    string
	Question  string
	Button    string // that does it
	Looks     string
	Hidden    []hiddenField
}

type hiddenField struct{ Name, Value string }

// dangerOf is called by templates; pairs are the hidden fields of its form. A row's button looks like a link.
func dangerOf(label, of, action, question, button string, pairs ...string) danger {
	d := danger{Label: label, Of: of, Action: action, Question: question, Button: button,
		Looks: "button button-secondary"}
	if of != "" {
		d.Looks = "bd-link"
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		d.Hidden = append(d.Hidden, hiddenField{pairs[i], pairs[i+1]})
	}
	return d
}
