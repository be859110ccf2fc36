package app

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"brevdue/internal/pdf/pdftest"
	"brevdue/internal/post"
	"brevdue/internal/remote/digitalpost/fake"
)

// running is a service in this process, and a browser that speaks to it.
type running struct {
	t      *testing.T
	base   string
	config Config
	out    *bytes.Buffer
	http   *http.Client
	stop   func()
}

func start(t *testing.T) *running {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	_ = l.Close()
	jar, _ := cookiejar.New(nil)
	timings := post.DemoTimings
	timings.Poll = 20 * time.Millisecond
	r := &running{
		t:    t,
		base: "http://" + addr,
		out:  &bytes.Buffer{},
		http: &http.Client{Jar: jar},
		config: Config{Addr: addr, Data: t.TempDir(), Timings: timings, TimingsName: "test",
			UploadLimit: 1 << 20, Senders: 2, Version: "test", Duplicates: fake.RefuseDuplicates,
			Delay: 10 * time.Millisecond, PushToken: "hemmelig", Proxies: []string{"127.0.0.0/8", "::1"}},
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- Serve(ctx, r.config, r.out) }()
	r.stop = func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	t.Cleanup(func() { r.stop() })
	for range 200 {
		if res, err := http.Get(r.base + "/healthz"); err == nil {
			res.Body.Close()
			return r
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("not ready")
	return nil
}

// do makes a request and returns status and body.
func (r *running) do(req *http.Request) (int, string) {
	r.t.Helper()
	res, err := r.http.Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return res.StatusCode, string(b)
}

func (r *running) get(path string) (int, string) {
	req, _ := http.NewRequest(http.MethodGet, r.base+path, nil)
	return r.do(req)
}

func (r *running) post(path string, form url.Values) (int, string) {
	req, _ := http.NewRequest(http.MethodPost, r.base+path, strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r.do(req)
}

func (r *running) login() {
	r.t.Helper()
	code := regexp.MustCompile(`kode »([^«]+)«`).FindStringSubmatch(r.out.String())
	if code == nil {
		r.t.Fatalf("no code is printed:\n%s", r.out)
	}
	if status, _ := r.post("/log-ind", url.Values{"bruger": {"demo"},
		"kode": {"forkert"}}); status != http.StatusUnauthorized {
		r.t.Errorf("a wrong code: %d", status)
	}
	if status, body := r.post("/log-ind", url.Values{"bruger": {"demo"}, "kode": {code[1]}}); status != http.StatusOK ||
		!strings.Contains(body, "Ny forsendelse") {
		r.t.Fatalf("log in: %d", status)
	}
}

// TestPortalWithoutScript goes the whole way as a browser without script does: form, second form, review, send, log.
func TestPortalWithoutScript(t *testing.T) {
	r := start(t)
	if _, body := r.get("/log"); !strings.Contains(body, "Log ind") {
		t.Error("the log is open to everybody")
	}
	r.login()
	if status, body := r.post("/afsend", url.Values{"emne": {strings.Repeat("x",
		51)}}); status != http.StatusUnprocessableEntity ||
		!strings.Contains(body, "1 tegn for langt") {
		t.Errorf("a subject that is too long: %d", status)
	}
	_, page := r.post("/afsend", url.Values{"emne": {"Møde <1.g>"}, "modtagere": {"find"}})
	id := regexp.MustCompile(`/afsend/([a-z0-9]{12})/annuller`).FindStringSubmatch(page)
	if id == nil {
		t.Fatalf("no second form:\n%s", page)
	}
	letters := pdftest.Merge(
		pdftest.Options{},
		pdftest.Letter{Heading: []string{"Anna Holm", "Vej 1", "9999 Nordøby", "CPR-nr.: 010190-1234"}, Pages: 1},
		pdftest.Letter{Heading: []string{"Bo Lund", "Vej 2", "9999 Nordøby"}, Pages: 1},
		pdftest.Letter{Heading: []string{"Carl Krogh", "Vej 3", "9999 Nordøby", "CPR-nr.: 020290-9901"}, Pages: 1},
	)
	r.upload(page, letters)
	r.wait(
		"/afsend/"+id[1],
		"Send 2 breve",
		"3 sider ind = 3 sider ud",
		"010190-xxxx",
		"Der er intet nummer på brevet",
		"Møde &lt;1.g&gt;",
		"Simulator",
	)
	r.post("/afsend/"+id[1]+"/send", url.Values{"gamle-datoer": {"ja"}})
	r.wait("/forsendelse/"+id[1], "Intet er sendt endnu", "Fortryd", "Sendes kl.", "brev 3")
	if _, body := r.post("/forsendelse/"+id[1]+"/fortryd", nil); !strings.Contains(body, "Gennemse og send") {
		t.Errorf("after Fortryd: %s", body)
	}
	seenOtherwise := url.Values{"revision": {"1"}, "gamle-datoer": {"ja"}}
	if status, body := r.post("/afsend/"+id[1]+"/send", seenOtherwise); status !=
		http.StatusPreconditionFailed || !strings.Contains(body, "En anden har rettet") {
		t.Errorf("a draft that was seen otherwise is sent: %d", status)
	}
	r.post("/afsend/"+id[1]+"/send", url.Values{"revision": {"0"}, "gamle-datoer": {"ja"}})
	r.wait("/forsendelse/"+id[1], "Afsluttet med fejl", "3 ud af 3 behandlet", "Kvittering modtaget", "Arkiveret")
	r.wait("/log", "Afsluttet med fejl", "3 ud af 3 behandlet")
	r.wait("/log/ubehandlet", "Modtageren er ikke tilmeldt Digital Post", "Der er intet nummer på brevet", "Send igen")
	chosen := regexp.MustCompile(`value="(` + id[1] + `[^"]+)" id="not-enrolled`).
		FindStringSubmatch(r.page("/log/ubehandlet"))
	if _, body := r.post("/log/ubehandlet", url.Values{"kode": {"not-enrolled"}, "h": {"igen"},
		"valgt": {chosen[1]}}); !strings.Contains(
		body,
		"Intet er sendt endnu",
	) ||
		!strings.Contains(body, "Send 1 igen") {
		t.Error("the dry run does not ask")
	}
	if _, body := r.post("/log/ubehandlet", url.Values{"kode": {"not-enrolled"}, "h": {"haandteret"},
		"valgt": {chosen[1]}, "bekraeft": {"1"}, "begrundelse": {"talt med modtageren"}}); strings.Contains(
		body,
		"ikke tilmeldt Digital Post",
	) {
		t.Error("the row is still there after it was handled")
	}
	for _, path := range []string{"/afsend", "/log", "/log/ubehandlet", "/forsendelse/" + id[1]} {
		noEnglish(t, path, r.page(path))
	}
	if status, body := r.get("/forsendelse/zzzzzzzzzzzz"); status != http.StatusNotFound ||
		!strings.Contains(body, "Siden findes ikke") {
		t.Errorf("a page that is not there: %d", status)
	}
}

func (r *running) page(path string) string {
	_, body := r.get(path)
	return strings.Join(strings.Fields(body), " ") // as one sees it
}

func (r *running) wait(path string, texts ...string) {
	r.t.Helper()
	body := ""
	for range 600 { // the undo window of the demo organization is 10 seconds
		body = r.page(path)
		all := true
		for _, text := range texts {
			all = all && strings.Contains(body, text)
		}
		if all {
			return
		}
		time.Sleep(30 * time.Millisecond)
	}
	for _, text := range texts {
		if !strings.Contains(body, text) {
			r.t.Errorf("%s does not say %q", path, text)
		}
	}
	r.t.Fatal(body)
}

// upload fills in the second form of a page.
func (r *running) upload(page string, content []byte) {
	r.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for _, f := range regexp.MustCompile(`type="hidden" name="([^"]+)" value="([^"]*)"`).FindAllStringSubmatch(page,
		-1) {
		_ = form.WriteField(f[1], strings.ReplaceAll(f[2], "&#43;", "+"))
	}
	w, _ := form.CreateFormFile("file", "brev.pdf")
	_, _ = w.Write(content)
	_ = form.Close()
	action := regexp.MustCompile(`action="(http[^"]+)"`).FindStringSubmatch(page)
	req, _ := http.NewRequest(http.MethodPost, action[1], &body)
	req.Header.Set("Content-Type", form.FormDataContentType())
	if status, text := r.do(req); status != http.StatusOK {
		r.t.Fatalf("upload: %d %s", status, text)
	}
}

// noEnglish finds our English words in what a page shows.
func noEnglish(t *testing.T, path, page string) {
	t.Helper()
	text := regexp.MustCompile(`(?s)<(script|style)[^>]*>.*?</(script|style)>|<[^>]*>`).ReplaceAllString(page, " ")
	for _, word := range []string{"Completed", "Failed", "HandedOver", "Queued", "Sending", "Created", "shipment",
		"letter", "not-enrolled", "no-recipient-found", "%!"} {
		if strings.Contains(text, word) {
			t.Errorf("%s shows %q", path, word)
		}
	}
}

func TestRefusals(t *testing.T) {
	r := start(t)
	r.login()
	req := func(method, path, body string, headers ...string) (int, string) {
		q, _ := http.NewRequest(method, r.base+path, strings.NewReader(body))
		for i := 0; i+1 < len(headers); i += 2 {
			if headers[i] == "Host" {
				q.Host = headers[i+1]
			}
			q.Header.Set(headers[i], headers[i+1])
		}
		return r.do(q)
	}
	key, err := os.ReadFile(filepath.Join(r.config.Data, "key"))
	if err != nil {
		t.Fatal(err)
	}
	bearer := "Bearer " + strings.TrimSpace(string(key))
	receipt := `{"messageUUID":"8c2ea15d-61fb-4ba9-9366-42f8b194c114","messageId":"x","receiptStatus":"COMPLETED"}`
	for name, c := range map[string]struct {
		want               int
		method, path, body string
		headers            []string
		says               string
	}{
		"unknown host": {http.StatusMisdirectedRequest, "GET", "/log", "", []string{"Host", "ond.example"},
			"Ukendt værtsnavn"},
		"another site's form": {http.StatusForbidden, "POST", "/log-af", "",
			[]string{"Sec-Fetch-Site", "cross-site"}, ""},
		"another site's form 2": {http.StatusForbidden, "POST", "/v1/shipments", "{}",
			[]string{"Origin", "https://ond.example"}, ""},
		"no key":            {http.StatusUnauthorized, "GET", "/v1/shipments", "", nil, "API-nøglen"},
		"session is no key": {http.StatusUnauthorized, "GET", "/v1/unhandled", "", nil, ""},
		"not JSON": {http.StatusUnprocessableEntity, "POST", "/v1/shipments", "hej",
			[]string{"Authorization", bearer}, "JSON"},
		"unknown field": {http.StatusUnprocessableEntity, "POST", "/v1/shipments", `{"emne":"x"}`,
			[]string{"Authorization", bearer}, "emne"},
		"no subject": {http.StatusUnprocessableEntity, "POST", "/v1/shipments",
			`{"document":{"name":"a.pdf"}}`, []string{"Authorization", bearer}, "Emnet mangler"},
		"no such shipment": {http.StatusNotFound, "POST", "/v1/shipments/aaaaaaaaaaaa/send", "",
			[]string{"Authorization", bearer}, ""},
		"no such route": {http.StatusNotFound, "GET", "/v1/nothing", "", []string{"Authorization", bearer}, ""},
		"two choices": {http.StatusUnprocessableEntity, "POST", "/v1/unhandled/replay",
			`{"all":true,"code":"closed"}`, []string{"Authorization", bearer}, "Vælg ét"},
		"push without a token": {http.StatusUnauthorized, "POST", "/v1/receipts", receipt, nil, ""},
		"push of a stray": {http.StatusOK, "POST", "/v1/receipts", receipt,
			[]string{"Authorization", "Bearer hemmelig"}, ""},
		"push of nonsense": {http.StatusUnprocessableEntity, "POST", "/v1/receipts", "x",
			[]string{"Authorization", "Bearer hemmelig"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			status, body := req(c.method, c.path, c.body, c.headers...)
			if status != c.want || !strings.Contains(body, c.says) {
				t.Errorf("%d %s, want %d %q", status, body, c.want, c.says)
			}
			if strings.HasPrefix(c.path, "/v1/") && status >= 400 && status != http.StatusForbidden {
				var p struct{ Title, Detail string }
				if json.Unmarshal([]byte(body), &p) != nil || p.Title == "" || p.Detail == "" {
					t.Errorf("no problem details: %s", body)
				}
			}
		})
	}
}

func TestDigitalPostAddress(t *testing.T) {
	for address, want := range map[string]post.Environment{
		"": post.Simulator, "http://127.0.0.1:9999/apis/v1": post.Test, "http://api.digitalpost.dk": "",
		"https://api.digitalpost.dk/apis/v1": "", "ftp://x": "", "::": "",
	} {
		got, err := Config{DigitalPost: DigitalPost{URL: address}}.environment()
		if got != want || (want == "") != (err != nil) {
			t.Errorf("%q: %s, %v; want %s", address, got, err, want)
		}
	}
}
