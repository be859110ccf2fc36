package attachment

import (
	"html"
	"regexp"
	"strings"
	"unicode"
)

// isPage reports whether a text begins as a page of the web does.
func isPage(b []byte) bool {
	start := strings.ToLower(strings.TrimSpace(textOf(b[:min(len(b), 1024)&^1])))
	for _, tag := range []string{"<!doctype html", "<html", "<head", "<body", "<script", "<?xml"} {
		if strings.HasPrefix(start, tag) {
			return true
		}
	}
	return false
}

// activeTags run or bring in something else than text and pictures.
func activeTags() *regexp.Regexp {
	return regexp.MustCompile(`(?i)<[\s/]*(script|iframe|frame|frameset|object|embed|applet|base|form|portal)\b`)
}

func refreshes() *regexp.Regexp {
	return regexp.MustCompile(`(?is)<\s*meta\b[^>]*http-equiv\s*=\s*["']?\s*refresh`)
}

func handlers() *regexp.Regexp { return regexp.MustCompile(`(?i)[\s/"']on[a-z]{3,}\s*=`) }

func remote() *regexp.Regexp {
	return regexp.MustCompile(`(?is)<[^>]*\b(src|srcset|background|poster)\s*=\s*["']?\s*(https?:)?//` +
		`|<\s*link\b[^>]*href|@import|url\(\s*["']?\s*(https?:)?//`)
}

// checkHTML looks for what does something when the page is shown. A link that a reader presses is none of it.
func checkHTML(b []byte) error {
	text := textOf(b)
	schemes := strings.ToLower(strings.Map(func(r rune) rune { // browsers skip white space within the name of a scheme
		if unicode.IsSpace(r) || unicode.IsControl(r) {
			return -1
		}
		return r
	}, html.UnescapeString(text)))
	for _, found := range []bool{
		activeTags().MatchString(text), refreshes().MatchString(text), handlers().MatchString(text),
		strings.Contains(schemes, "javascript:"), strings.Contains(schemes, "vbscript:"),
		strings.Contains(schemes, "data:text/html"),
	} {
		if found {
			return errScript
		}
	}
	if remote().MatchString(text) {
		return errFetches
	}
	return nil
}
