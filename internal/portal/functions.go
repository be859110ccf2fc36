package portal

import (
	"html/template"
	"time"

	"brevdue/internal/texts"
)

// functions are what templates may call: they show, and decide nothing.
func (p *Portal) functions() template.FuncMap {
	return template.FuncMap{
		"demanded": texts.Demands,
		"icon": func(name string) template.HTML {
			if name == "" || !p.npm {
				return ""
			}
			href := "/static/npm/img/all-svg-icons.svg#" + template.HTMLEscapeString(name)
			return template.HTML(
				`<svg class="icon-svg" focusable="false" aria-hidden="true"><use href="` + href + `"></use></svg>`,
			)
		},
		"own": func(name string) template.HTML {
			if name == "" {
				return ""
			}
			n := template.HTMLEscapeString(name)
			return template.HTML(
				`<svg class="bd-icon bd-icon--` + n +
					`" focusable="false" aria-hidden="true"><use href="/static/brevdue.svg#` + n + `"></use></svg>`,
			)
		},
		"alert": func(name, label string) template.HTML {
			if !p.npm {
				return ""
			}
			return template.HTML(
				`<svg class="icon-svg alert-icon" focusable="false" role="img" aria-label="` +
					template.HTMLEscapeString(
						label,
					) + `"><use href="/static/npm/img/all-svg-icons.svg#` + template.HTMLEscapeString(
					name,
				) + `"></use></svg>`,
			)
		},
		"day":       p.day,
		"clock":     p.clock,
		"moment":    func(t time.Time) string { return momentText(t, p.zone) },
		"seconds":   p.seconds,
		"iso":       func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
		"thousands": thousands,
		"count":     count,
		"say":       texts.Of,
		"blank":     func() mistakes { return mistakes{{At: "main-content"}} }, // a summary for the script to fill in
		"danger":    dangerOf,
	}
}
