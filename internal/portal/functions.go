package portal

import (
	"html/template"
	"time"

	"brevdue/internal/texts"
)

// functions are what templates may call: they show, and decide nothing.
func (p *Portal) functions() template.FuncMap {
	return template.FuncMap{
		"demanded":  texts.Demands,
		"icon":      p.icon,
		"own":       p.drawing,
		"alert":     p.alert,
		"day":       p.day,
		"clock":     p.clock,
		"moment":    func(t time.Time) string { return momentText(t, p.zone) },
		"seconds":   p.seconds,
		"stamp":     p.stamp,
		"fulltime":  p.fulltime,
		"caseText":  func(id string) string { return capital(caseText(id)) },
		"dayText":   day,
		"iso":       func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
		"thousands": thousands,
		"count":     count,
		"say":       texts.Of,
		"asset":     p.static.address,
		"blank":     func() mistakes { return mistakes{{At: "main-content"}} }, // a summary for the script to fill in
		"danger":    dangerOf,
		"preview":   p.previewOf,
		"public":    func() bool { return p.StatusPage },
	}
}

// icon is a picture of the design system beside words: nobody hears it.
func (p *Portal) icon(name string) template.HTML {
	if name == "" || !p.npm {
		return ""
	}
	return p.use("npm/img/all-svg-icons.svg", name, `class="icon-svg" focusable="false" aria-hidden="true"`)
}

// drawing is a picture of ours.
func (p *Portal) drawing(name string) template.HTML {
	if name == "" {
		return ""
	}
	return p.use("brevdue.svg", name,
		`class="bd-icon bd-icon--`+template.HTMLEscapeString(name)+`" focusable="false" aria-hidden="true"`)
}

// alert is the picture of a box that says something, with a word for who does not see it.
func (p *Portal) alert(name, label string) template.HTML {
	if !p.npm {
		return ""
	}
	return p.use("npm/img/all-svg-icons.svg", name,
		`class="icon-svg alert-icon" focusable="false" role="img" aria-label="`+
			template.HTMLEscapeString(label)+`"`)
}

func (p *Portal) use(file, name, attributes string) template.HTML {
	return template.HTML(`<svg ` + attributes + `><use href="` + p.static.address(file) + `#` +
		template.HTMLEscapeString(name) + `"></use></svg>`)
}
