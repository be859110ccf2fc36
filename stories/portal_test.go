package stories

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"brevdue/internal/pdf/pdftest"
	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
)

// visitor is a browser without script.
type visitor struct {
	t    *testing.T
	base string
	http http.Client
}

func newVisitor(t *testing.T, address string) *visitor {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &visitor{t, strings.TrimSuffix(address, "/"), http.Client{Jar: jar}}
}

func (v *visitor) page(res *http.Response, err error) string {
	v.t.Helper()
	if err != nil {
		v.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode >= 400 {
		v.t.Fatalf("%s: %s %v\n%s", res.Request.URL.Path, res.Status, err, b)
	}
	return string(b)
}

func (v *visitor) get(path string) string { return v.page(v.http.Get(v.base + path)) }

func (v *visitor) post(path string, form url.Values, accept string) string {
	req, err := http.NewRequest(http.MethodPost, v.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		v.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept", accept)
	return v.page(v.http.Do(req))
}

// walkOnAWS: the main walk in a real browser, as on one machine (stories/browser/walk.mjs).
func walkOnAWS(t *testing.T) {
	for _, needed := range []string{"node", "chromium"} {
		if _, err := exec.LookPath(needed); err != nil {
			t.Skipf("%s is not here", needed)
		}
	}
	if _, err := os.Stat("browser/node_modules/playwright-core"); err != nil {
		t.Skip("make test-browser has not fetched what drives the browser")
	}
	walk := exec.Command("node", "walk.mjs")
	walk.Dir = "browser"
	walk.Env = append(os.Environ(), "BREVDUE_WALK="+os.Getenv("BREVDUE_STACK"))
	if out, err := walk.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

var letterLink = regexp.MustCompile(`/forsendelse/[a-z0-9]+/brev/1/pdf`)

// portalOnAWS: a secretary sends two letters through the portal's function, reads one, and clears up Ubehandlet.
func portalOnAWS(t *testing.T, s stack) {
	v := newVisitor(t, s.Portal)
	v.post("/log-ind", url.Values{"bruger": {"demo"}, "kode": {s.Code}}, "text/html")
	var order struct {
		Next    string
		Uploads []post.Link
	}
	created := v.post("/afsend", url.Values{"emne": {"Fra portalen"}, "dokument": {"breve.pdf"}}, "application/json")
	if err := json.Unmarshal([]byte(created), &order); err != nil || len(order.Uploads) != 1 {
		t.Fatalf("%s: %v", created, err)
	}
	document := pdftest.Merge(
		pdftest.Options{Footer: "Portal " + newCVR()},
		pdftest.Letter{
			Heading: []string{"Navn", "Vej 1", "CPR-nr.: 050580-1234"},
			Pages:   1,
		},
		pdftest.Letter{Heading: []string{"Navn", "Vej 1", "CPR-nr.: 050580-9902"}, Pages: 1},
	)
	if res := posttest.Post(t, order.Uploads[0], string(document)); res.StatusCode/100 != 2 {
		t.Fatalf("upload: %s", res.Status)
	}
	id := strings.TrimPrefix(strings.TrimSuffix(order.Next, "?modtaget=alle"), "/afsend/")
	eventually(t, time.Minute, "Gennemse", func() (bool, string) {
		page := v.get(order.Next)
		return strings.Contains(page, "050580-xxxx"), order.Next
	})
	if got := v.get("/afsend/" + id + "/brev/1/vis"); !strings.HasPrefix(got, "%PDF") {
		t.Errorf("the letter in review is %.20q", got)
	}
	page := v.post("/afsend/"+id+"/send", url.Values{"gamle-datoer": {"ja"}}, "text/html")
	if !strings.Contains(page, "Intet er sendt endnu") {
		t.Errorf("after Send: %.300q", page)
	}
	page = v.post("/forsendelse/"+id+"/fortryd", nil, "text/html")
	if !strings.Contains(page, "Gennemse og send") {
		t.Errorf("after Fortryd: %.300q", page)
	}
	page = v.post("/afsend/"+id+"/send", url.Values{"gamle-datoer": {"ja"}}, "text/html")
	eventually(t, 2*time.Minute, "two ticks and a failure", func() (bool, string) {
		page = v.get("/forsendelse/" + id)
		return strings.Contains(page, "Afsluttet med fejl"), "no end yet"
	})
	link := letterLink.FindString(page)
	if link == "" {
		t.Fatal("the page has no link to the letter's PDF")
	}
	if got := v.get(link); !strings.HasPrefix(got, "%PDF") {
		t.Errorf("the letter is %.20q", got)
	}
	eventually(t, time.Minute, "a row of Ubehandlet", func() (bool, string) {
		page = v.get("/log/ubehandlet")
		return strings.Contains(page, id), "no row yet"
	})
	letter := regexp.MustCompile(id + `\.[a-z0-9.]+`).FindString(page)
	v.post(
		"/log/ubehandlet",
		url.Values{"kode": {"unknown-recipient"}, "valgt": {letter}, "bekraeft": {"ja"}},
		"text/html",
	)
	v.post("/log-af", nil, "text/html")
	if page := v.get("/log"); !strings.Contains(page, "Log ind") {
		t.Error("after logging out the log is still there")
	}
}
