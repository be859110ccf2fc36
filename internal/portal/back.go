package portal

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"brevdue/internal/auth"
	"brevdue/internal/texts"
)

// backCookie keeps where somebody was whose session had ended, until they are in again.
const (
	backCookie = "brevdue_til"
	backFor    = 15 * time.Minute
	backMost   = 500 // characters of an address of ours
)

// letIn leads somebody to log-in who is not in, and notes where they were. What fetches a page by itself is told in a
// way that it understands: a page that refreshes itself goes there as a whole, and a form that waits for its files
// stays as it is.
func letIn(w http.ResponseWriter, r *http.Request) {
	if wantsJSON(r) {
		said := map[string]any{"errors": []map[string]string{{"text": texts.Say("session-ended")}}}
		_ = writeJSON(w, http.StatusUnauthorized, said) // whoever is gone hears nothing
		return
	}
	if back := backOf(r); back != "" {
		keep(w, r, backCookie, url.QueryEscape(back), int(backFor/time.Second))
	}
	if r.Header.Get("HX-Request") != "" {
		w.Header().Set("HX-Redirect", "/log-ind")
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	http.Redirect(w, r, "/log-ind", http.StatusSeeOther)
}

// backOf is the page that somebody looked at; "" where that is not known. A press is not made again.
func backOf(r *http.Request) string {
	from := r.Header.Get("HX-Current-URL")
	switch {
	case from != "":
	case r.Method != http.MethodGet:
		from = r.Referer()
	case r.Header.Get("Sec-Fetch-Dest") == "document", r.Header.Get("Sec-Fetch-Dest") == "":
		return local(r.URL.RequestURI())
	}
	u, err := url.Parse(from)
	if err != nil || u.Host != r.Host {
		return ""
	}
	return local(u.RequestURI())
}

// local returns an address of a page of ours that somebody is led back to; "" for any other.
func local(address string) string {
	if !auth.OwnPage(address) || len(address) > backMost || strings.HasPrefix(address, "/log-") || address == "/" {
		return ""
	}
	return address
}

// keep has a browser keep something small until another page wants it; for less than no time it forgets it.
func keep(w http.ResponseWriter, r *http.Request, name, value string, seconds int) {
	http.SetCookie(w, &http.Cookie{Name: name, Value: value, Path: "/", MaxAge: seconds, HttpOnly: true,
		SameSite: http.SameSiteLaxMode, Secure: r.TLS != nil})
}

// back is where somebody was who is in again, once; "" for nowhere.
func (v *visit) back() string {
	c, err := v.Cookie(backCookie)
	if err != nil || c.Value == "" {
		return ""
	}
	keep(v.w, v.Request, backCookie, "", -1)
	address, _ := url.QueryUnescape(c.Value)
	return local(address)
}
