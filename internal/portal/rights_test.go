package portal

import (
	"context"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"brevdue/internal/auth"
	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
)

// rights is the right that each page needs (practice D1); "-" is for whoever is logged in. A new page has to be in it.
var rights = map[string]post.Right{
	"GET /{$}":                        "-",
	"GET /afsend":                     post.RightWrite,
	"POST /afsend":                    post.RightWrite,
	"GET /afsend/{id}":                "-",
	"POST /afsend/{id}/send":          post.RightSend,
	"POST /afsend/{id}/annuller":      post.RightSend,
	"GET /afsend/{id}/brev/{number}":  "-",
	"GET /afsend/{id}/problem":        "-",
	"GET /afsend/{id}/problemer.csv":  "-",
	"POST /afsend/{id}/ret":           post.RightWrite,
	"POST /afsend/{id}/godkend":       post.RightApprove,
	"POST /afsend/{id}/afvis":         post.RightApprove,
	"POST /forsendelse/{id}/fortryd":  post.RightSend,
	"POST /forsendelse/{id}/pause":    post.RightSend,
	"POST /forsendelse/{id}/fortsaet": post.RightSend,
	"GET /oversigt":                   "-",
	"GET /statistik":                  "-",
	"GET /statistik.csv":              "-",
	"GET /log":                        "-",
	"POST /log/soeg":                  "-",
	"GET /log/csv":                    "-",
	"POST /log/filter":                "-",
	"POST /log/filter/fjern":          "-",
	"GET /log/ubehandlet":             post.RightUnhandled,
	"POST /log/ubehandlet":            post.RightUnhandled,
	"GET /forsendelse/{id}/brev/{number}/kvittering.json": "-",
	"GET /forsendelse/{id}/brev/{number}/kvittering.pdf":  "-",
	"GET /forsendelse/{id}/brev/{number}/vis":             "-",
	"GET /forsendelse/{id}":                               "-",
	"GET /arkiv":                                          post.RightArchive,
	"POST /arkiv":                                         post.RightArchive,
	"GET /arkiv/sag/{case}":                               post.RightArchive,
	"GET /arkiv/sag/{case}/zip":                           post.RightArchive,
	"GET /arkiv/dokument/{document}":                      post.RightArchive,
	"GET /modtagere":                                      post.RightWrite,
	"POST /modtagere":                                     post.RightWrite,
	"POST /modtagere/raekker":                             post.RightWrite,
	"GET /modtagere/{id}":                                 post.RightWrite,
	"POST /modtagere/{id}":                                post.RightWrite,
	"POST /modtagere/{id}/fjern":                          post.RightWrite,
	"GET /profiler":                                       post.RightWrite,
	"POST /profiler":                                      post.RightWrite,
	"POST /profiler/fjern":                                post.RightWrite,
	"GET /":                                               "-",
	"GET /afsend/{id}/fil/{file}":                         "-",
	"GET /afsend/{id}/brev/{number}/vis":                  "-",
	"POST /afsend/{id}/brev/{number}/cpr":                 "-",
	"POST /forsendelse/{id}/brev/{number}/cpr":            "-",
	"GET /forsendelse/{id}/brev/{number}/pdf":             "-",
	"GET /forsendelse/{id}/brev/{number}/kvittering":      "-",
	"POST /log/godkend":                                   post.RightApprove,
	"POST /log/afvis":                                     post.RightApprove,
	"GET /log/godkend":                                    post.RightApprove,
	"POST /log/ubehandlet/samlet/{bulk}/stop":             post.RightUnhandled,
	"POST /forsendelse/{id}/dokumentation":                post.RightOperate,
	"GET /drift":                                          post.RightOperate,
	"GET /administration/spor":                            post.RightAudit,
	"POST /administration/spor":                           post.RightAudit,
	"POST /drift/stop":                                    post.RightOperate,
	"POST /drift/start":                                   post.RightOperate,
	"POST /drift/besked":                                  post.RightOperate,
	"POST /drift/besked/opsig":                            post.RightOperate,
	"POST /drift/besked/igen":                             post.RightOperate,
	"GET /administration":                                 post.RightAdminister,
	"POST /administration/brugere":                        post.RightAdminister,
	"GET /administration/brugere/ny":                      post.RightAdminister,
	"GET /administration/brugere/{user}":                  post.RightAdminister,
	"POST /administration/brugere/{user}":                 post.RightAdminister,
	"POST /administration/brugere/{user}/luk":             post.RightAdminister,
	"POST /administration/brugere/{user}/aabn":            post.RightAdminister,
	"POST /administration/brugere/{user}/kode":            post.RightAdminister,
	"POST /administration/brugere/{user}/trin":            post.RightAdminister,
	"GET /administration/grupper":                         post.RightAdminister,
	"GET /administration/grupper/ny":                      post.RightAdminister,
	"GET /administration/grupper/{group}":                 post.RightAdminister,
	"POST /administration/grupper":                        post.RightAdminister,
	"POST /administration/grupper/{group}":                post.RightAdminister,
	"POST /administration/grupper/{group}/luk":            post.RightAdminister,
	"GET /administration/import":                          post.RightAdminister,
	"POST /administration/import":                         post.RightAdminister,
	"POST /administration/import/raekker":                 post.RightAdminister,
	"GET /administration/skabelon.csv":                    post.RightAdminister,
	"GET /administration/noegler":                         post.RightAdminister,
	"POST /administration/noegler":                        post.RightAdminister,
	"POST /administration/noegler/{key}/luk":              post.RightAdminister,
	"GET /administration/system":                          post.RightAdminister,
	"POST /administration/system":                         post.RightAdminister,
	"GET /afsend/graenser":                                "-",
	"POST /afsend/{id}/generalproeve":                     post.RightWrite,
	"POST /afsend/{id}/opslag":                            post.RightWrite,
	"POST /administration/system/proev":                   post.RightAdminister,
	"GET /administration/system/proev/{id}":               post.RightAdminister,
	"GET /log-ind/ny-kode":                                "-",
	"POST /log-ind/ny-kode":                               "-",
	"GET /log-ind/to-trin":                                "-",
	"POST /log-ind/to-trin":                               "-",
	"GET /log-ind/to-trin/qr.png":                         "-",
	"POST /log-ind/noegle/ny":                             "-",
	"POST /log-ind/noegle/gem":                            "-",
	"POST /log-ind/noegle/brug":                           "-",
	"POST /log-ind/noegle/svar":                           "-",
	"GET /mit-login":                                      "-",
	"POST /mit-login/trin/fjern":                          "-",
	"POST /mit-login/log-af":                              "-",
}

// gateOf lets one in, or nobody.
type gateOf struct {
	Auth
	who *post.Caller
}

func (g gateOf) Session(context.Context, string, bool) (post.Session, error) {
	if g.who == nil {
		return post.Session{}, auth.ErrDenied
	}
	return post.Session{Caller: *g.who}, nil
}

// TestEveryPageNeedsItsRight is practice D1: whoever has every right but that one is refused, another organization's
// shipment is not there, and whoever is not logged in is sent to do so.
func TestEveryPageNeedsItsRight(t *testing.T) {
	d := newCommands(t)
	d.shipment("aaaaaaaaaaaa", handedOver)
	posttest.Check(t, d.store.CreateOrganization(context.Background(), &post.Organization{ID: "andre", Name: "Andre"}))
	pages := map[string]route{}
	for _, table := range []map[string]route{
		(&Portal{}).postRoutes(), (&Portal{}).operationRoutes(), (&Portal{}).administrationRoutes(),
	} {
		maps.Copy(pages, table)
	}
	ask := func(pattern string, who *post.Caller) *httptest.ResponseRecorder {
		method, path, _ := strings.Cut(pattern, " ")
		path = strings.NewReplacer("{$}", "", "{id}", "aaaaaaaaaaaa", "{number}", "1", "{user}", "maja", "{group}",
			"afsendere", "{key}", "x", "{bulk}", "bbbbbbbbbbbb").Replace(path)
		r := httptest.NewRequest(method, path, http.NoBody)
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.AddCookie(&http.Cookie{Name: cookieName(r), Value: "x"})
		d.gate.who = who
		w := httptest.NewRecorder()
		d.handler.ServeHTTP(w, r)
		return w
	}
	for _, pattern := range slices.Sorted(maps.Keys(pages)) {
		need, known := rights[pattern]
		if !known {
			t.Errorf("%s: say the right that it needs", pattern)
			continue
		}
		if w := ask(pattern, nil); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/log-ind" {
			t.Errorf("%s, not logged in: %d", pattern, w.Code)
		}
		if need != "-" {
			all := slices.DeleteFunc(post.Rights(), func(r post.Right) bool { return r == need })
			who := eva
			who.Grants = post.GrantsOf(all...)
			if w := ask(pattern, &who); w.Code != http.StatusForbidden {
				t.Errorf("%s without the right to %s: %d", pattern, need, w.Code)
			}
		}
		if strings.Contains(pattern, "/{id}") {
			who := posttest.Person("andre", "eva")
			if w := ask(pattern, &who); w.Code != http.StatusNotFound {
				t.Errorf("%s of another organization: %d", pattern, w.Code)
			}
		}
	}
	if len(rights) != len(pages) {
		t.Errorf("%d pages have a right, and there are %d", len(rights), len(pages))
	}
}
