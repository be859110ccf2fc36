package portal

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"strings"

	"brevdue/internal/auth"
	"brevdue/internal/post"
)

// route is what answers to a pattern, and the right that it needs. Whoever has it for no area is told so; a page of a
// shipment, {id}, needs it for that one.
type route struct {
	need   post.Right // "" for whoever is logged in
	do     func(*visit) error
	needOf func(*post.Shipment) post.Right // by how the shipment stands
	begun  bool                            // also for a session that lacks something
}

// routes returns the portal's pages. All but log-in need a session; what changes something is a POST, which
// internal/app refuses from another site.
func (p *Portal) routes() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /static/", p.static)
	mux.HandleFunc("GET /log-ind", p.showLogin)
	mux.HandleFunc("POST /log-ind", p.login)
	mux.HandleFunc("GET /log-ind/glemt", p.showGlemt)
	mux.HandleFunc("POST /log-ind/glemt", p.pressGlemt)
	mux.HandleFunc("GET /log-ind/sso", p.beginSignOn)
	mux.HandleFunc("GET /log-ind/sso/svar/{org}", p.finishSignOn)
	mux.HandleFunc("POST /log-af", p.logout)
	if p.StatusPage {
		mux.HandleFunc("GET /status", p.openPage("status", "Driftsstatus", func(ctx context.Context) (any, error) {
			return p.readStatus(ctx)
		}))
		mux.HandleFunc("GET /status/attest", p.downloadAttest)
	}
	mux.HandleFunc("GET /hjaelp", p.openPage("hjaelp", "Hjælp", asItStands))
	mux.HandleFunc("GET /tilgaengelighed", p.openPage("tilgaengelighed", "Tilgængelighed", asItStands))
	pages := map[string]route{}
	for _, table := range []map[string]route{p.postRoutes(), p.operationRoutes(), p.administrationRoutes()} {
		maps.Copy(pages, table)
	}
	for pattern, r := range pages {
		mux.HandleFunc(pattern, p.visited(pattern, r))
		form, isForm := strings.CutPrefix(pattern, "POST ")
		if _, shown := pages["GET "+form]; isForm && !shown { // what was pressed there is not there to be looked at
			mux.HandleFunc("GET "+form, toParent(mux))
		}
	}
	return headers(p.FilesOrigin, mux)
}

// postRoutes are the pages about what is sent.
func (p *Portal) postRoutes() map[string]route {
	return map[string]route{
		"GET /{$}":                        {do: p.showFirst},
		"GET /afsend":                     {need: post.RightWrite, do: p.showAfsend},
		"POST /afsend":                    {need: post.RightWrite, do: p.afsend},
		"GET /afsend/graenser":            {do: p.showGraenser},
		"POST /afsend/{id}/generalproeve": {need: post.RightWrite, do: p.pressGeneralproeve},
		"POST /afsend/{id}/opslag":        {need: post.RightWrite, do: p.pressOpslag},
		"GET /afsend/{id}":                {do: p.showGennemse},
		"POST /afsend/{id}/send":          {need: post.RightSend, do: p.pressSend},
		"POST /afsend/{id}/annuller":      {do: p.pressCancel, needOf: (*post.Shipment).CancelNeeds},
		"GET /afsend/{id}/brev/{number}":  {do: p.showBrev},
		"GET /afsend/{id}/problem":        {do: p.showProblem},
		"GET /afsend/{id}/problemer.csv":  {do: p.showProblemCSV},
		"POST /afsend/{id}/ret":           {need: post.RightWrite, do: p.pressRet},
		"POST /afsend/{id}/godkend":       {need: post.RightApprove, do: p.pressGodkend},
		"POST /afsend/{id}/afvis":         {need: post.RightApprove, do: p.pressAfvis},
		"POST /forsendelse/{id}/fortryd":  {need: post.RightSend, do: p.pressFortryd},
		"POST /forsendelse/{id}/pause":    {need: post.RightSend, do: p.pressPause},
		"POST /forsendelse/{id}/fortsaet": {need: post.RightSend, do: p.pressFortsaet},
		"GET /oversigt":                   {do: p.showOversigt},
		"GET /statistik":                  {do: p.showStatistik},
		"GET /statistik.csv":              {do: p.showStatistikCSV},
		"GET /log":                        {do: p.showLog},
		"POST /log/soeg":                  {do: p.pressSoeg},
		"GET /log/csv":                    {do: p.showLogCSV},
		"POST /log/filter":                {do: p.pressGemFilter},
		"POST /log/filter/fjern":          {do: p.pressFjernFilter},
		"GET /log/ubehandlet":             {need: post.RightUnhandled, do: p.showUbehandlet},
		"POST /log/ubehandlet":            {need: post.RightUnhandled, do: p.pressUbehandlet},
		"GET /forsendelse/{id}":           {do: p.showForsendelse},
		"GET /modtagere":                  {need: post.RightWrite, do: p.showModtagere},
		"POST /modtagere":                 {need: post.RightWrite, do: p.pressModtagere},
		"POST /modtagere/raekker":         {need: post.RightWrite, do: p.pressModtagerRaekker},
		"GET /modtagere/{id}":             {need: post.RightWrite, do: p.showModtagerliste},
		"POST /modtagere/{id}":            {need: post.RightWrite, do: p.pressModtagere},
		"POST /modtagere/{id}/fjern":      {need: post.RightWrite, do: p.pressFjernModtagere},
		"GET /arkiv":                      {need: post.RightArchive, do: p.showArkiv},
		"POST /arkiv":                     {need: post.RightArchive, do: p.pressArkiv},
		"GET /arkiv/sag/{case}":           {need: post.RightArchive, do: p.showSag},
		"GET /arkiv/sag/{case}/zip":       {need: post.RightArchive, do: p.openSagZip},
		"GET /arkiv/dokument/{document}":  {need: post.RightArchive, do: p.openDokument},
		"GET /profiler":                   {need: post.RightWrite, do: p.showProfiler},
		"POST /profiler":                  {need: post.RightWrite, do: p.pressProfil},
		"POST /profiler/fjern":            {need: post.RightWrite, do: p.removeProfil},
		"GET /":                           {do: func(*visit) error { return post.ErrNotFound }},

		"GET /afsend/{id}/fil/{file}":                         {do: p.openFile},
		"GET /afsend/{id}/brev/{number}/vis":                  {do: p.preview},
		"POST /afsend/{id}/brev/{number}/cpr":                 {do: p.uncover},
		"POST /forsendelse/{id}/brev/{number}/cpr":            {do: p.uncover},
		"GET /forsendelse/{id}/brev/{number}/vis":             {do: p.showLetter},
		"GET /forsendelse/{id}/brev/{number}/pdf":             {do: p.downloadLetter},
		"GET /forsendelse/{id}/brev/{number}/kvittering":      {do: p.showKvittering},
		"GET /forsendelse/{id}/brev/{number}/kvittering.json": {do: p.downloadReceipt},
		"GET /forsendelse/{id}/brev/{number}/kvittering.pdf":  {do: p.downloadKvittering},
		"POST /log/godkend":                                   {need: post.RightApprove, do: p.pressGodkendRettelse},
		"POST /log/afvis":                                     {need: post.RightApprove, do: p.pressAfvisRettelse},
		"GET /log/godkend":                                    {need: post.RightApprove, do: p.showGodkend},
		"POST /log/ubehandlet/samlet/{bulk}/stop":             {need: post.RightUnhandled, do: p.pressSamletStop},
	}
}

// operationRoutes are the pages about how everything runs.
func (p *Portal) operationRoutes() map[string]route {
	return map[string]route{
		"POST /forsendelse/{id}/dokumentation": {need: post.RightOperate, do: p.evidence},
		"GET /drift":                           {need: post.RightOperate, do: p.showDrift},
		"POST /drift/stop":                     {need: post.RightOperate, do: p.pressStop},
		"POST /drift/start":                    {need: post.RightOperate, do: p.pressStart},
		"POST /drift/besked":                   {need: post.RightOperate, do: p.pressSubscribe},
		"POST /drift/besked/opsig":             {need: post.RightOperate, do: p.pressUnsubscribe},
		"POST /drift/besked/igen":              {need: post.RightOperate, do: p.pressResend},
	}
}

// administrationRoutes are the pages about who comes in, and those about one's own log-in.
func (p *Portal) administrationRoutes() map[string]route {
	const need = post.RightAdminister
	return map[string]route{
		"GET /administration":                      {need: need, do: p.showBrugere},
		"POST /administration/brugere":             {need: need, do: p.pressOpret},
		"GET /administration/brugere/ny":           {need: need, do: p.showOpret},
		"GET /administration/brugere/{user}":       {need: need, do: p.showBruger},
		"POST /administration/brugere/{user}":      {need: need, do: p.pressBruger},
		"POST /administration/brugere/{user}/luk":  {need: need, do: p.pressLuk},
		"POST /administration/brugere/{user}/aabn": {need: need, do: p.pressAabn},
		"POST /administration/brugere/{user}/kode": {need: need, do: p.pressKode},
		"POST /administration/brugere/{user}/trin": {need: need, do: p.pressFjernTrinFor},
		"GET /administration/grupper":              {need: need, do: p.showGrupper},
		"GET /administration/grupper/ny":           {need: need, do: p.showGruppe},
		"GET /administration/grupper/{group}":      {need: need, do: p.showGruppe},
		"POST /administration/grupper":             {need: need, do: p.pressGruppe},
		"POST /administration/grupper/{group}":     {need: need, do: p.pressGruppe},
		"POST /administration/grupper/{group}/luk": {need: need, do: p.pressFjernGruppe},
		"GET /administration/import":               {need: need, do: p.showImport},
		"POST /administration/import":              {need: need, do: p.pressImport},
		"POST /administration/import/raekker":      {need: need, do: p.pressRaekker},
		"GET /administration/skabelon.csv":         {need: need, do: p.showSkabelon},
		"GET /administration/noegler":              {need: need, do: p.showNoegler},
		"POST /administration/noegler":             {need: need, do: p.pressNoegle},
		"POST /administration/noegler/{key}/luk":   {need: need, do: p.pressLukNoegle},
		"GET /administration/system":               {need: need, do: p.showSystem},
		"POST /administration/system":              {need: need, do: p.pressSystem},
		"POST /administration/system/proev":        {need: need, do: p.pressProev},
		"GET /administration/system/proev/{id}":    {need: need, do: p.showProev},
		"GET /administration/spor":                 {need: post.RightAudit, do: p.showSpor},
		"POST /administration/spor":                {need: post.RightAudit, do: p.pressSpor},
		"GET /log-ind/ny-kode":                     {do: p.showNyKode, begun: true},
		"POST /log-ind/ny-kode":                    {do: p.pressNyKode, begun: true},
		"GET /log-ind/to-trin":                     {do: p.showToTrin, begun: true},
		"POST /log-ind/to-trin":                    {do: p.pressToTrin, begun: true},
		"GET /log-ind/to-trin/qr.png":              {do: p.showQR, begun: true},
		"POST /log-ind/noegle/ny":                  {do: p.beginPasskey, begun: true},
		"POST /log-ind/noegle/gem":                 {do: p.finishPasskey, begun: true},
		"POST /log-ind/noegle/brug":                {do: p.askPasskey, begun: true},
		"POST /log-ind/noegle/svar":                {do: p.provePasskey, begun: true},
		"GET /mit-login":                           {do: p.showMitLogin},
		"POST /mit-login/trin/fjern":               {do: p.pressFjernTrin},
		"POST /mit-login/log-af":                   {do: p.pressLogAf},
	}
}

// visit is one request of somebody who is logged in.
type visit struct {
	*http.Request
	w       http.ResponseWriter
	who     post.Caller
	session post.Session
	org     *post.Organization

	shipment *post.Shipment // of the address, where there is one
	rows     *unhandledRows // what waits in Ubehandlet; nil until somebody asks
	moving   *movingShipments
}

// base is the portal's address as the browser has it: only names that are ours get here.
func (v *visit) base() string {
	if v.TLS != nil {
		return "https://" + v.Host
	}
	return "http://" + v.Host
}

// here is a link to a file under the address that the browser has, where the portal itself serves files: two names lead
// to one machine, and a page gets files from its own alone.
func (p *Portal) here(v *visit, l post.Link) post.Link {
	u, err := url.Parse(l.URL)
	if p.FilesOrigin != "" || err != nil || !u.IsAbs() {
		return l
	}
	own, err := url.Parse(v.base())
	if err == nil {
		u.Scheme, u.Host = own.Scheme, own.Host
		l.URL = u.String()
	}
	return l
}

func (v *visit) redirect(to string) error {
	http.Redirect(v.w, v.Request, to, http.StatusSeeOther)
	return nil
}

// formLimit bounds a form; files go to their presigned addresses.
const formLimit = 1 << 20

// visited lets in who is logged in and has the right, and turns errors into pages.
func (p *Portal) visited(pattern string, h route) http.HandlerFunc {
	_, path, _ := strings.Cut(pattern, " ")
	ofShipment := strings.HasPrefix(path, "/afsend/{id}") || strings.HasPrefix(path, "/forsendelse/{id}")
	return func(w http.ResponseWriter, r *http.Request) {
		session, err := p.session(r)
		if errors.Is(err, auth.ErrDenied) {
			letIn(w, r)
			return
		}
		if err != nil {
			p.unavailable(w, r, err)
			return
		}
		if p.renews(r, session) {
			http.Redirect(w, r, signOnPath(session.Org, r.URL.RequestURI()), http.StatusSeeOther)
			return
		}
		v := &visit{Request: r, w: w, who: session.Caller, session: session}
		// Nobody gets at the second factor before the code is their own, or chooses a code with half a log-in.
		if !session.Complete() && (!h.begun || !strings.HasPrefix(path, begunPath(session))) {
			http.Redirect(w, r, lacks(session), http.StatusSeeOther)
			return
		}
		if err = readForm(w, r); err == nil {
			v.org, err = p.Organizations.Organization(r.Context(), v.who.Org)
		}
		if err == nil {
			err = auth.Permit(v.who, h.need)
		}
		if err == nil && ofShipment {
			v.shipment, err = p.permitted(v, h)
		}
		if r.Method != http.MethodGet {
			v.shipment = nil // it is another one afterwards
		}
		if err == nil {
			err = h.do(v)
		}
		if err != nil {
			p.showError(v, err)
		}
	}
}

// lacks is where somebody gets what their session lacks.
func lacks(s post.Session) string {
	if s.ChooseCode {
		return "/log-ind/ny-kode"
	}
	return "/log-ind/to-trin"
}

// begunPath begins the addresses that a session may go to which lacks something.
func begunPath(s post.Session) string {
	if s.ChooseCode {
		return "/log-ind/ny-kode"
	}
	return "/log-ind/"
}

// permitted returns the shipment of the address, where the visitor has the right of a route for it.
func (p *Portal) permitted(v *visit, h route) (*post.Shipment, error) {
	s, err := p.Shipments.Get(v.Context(), v.who.Org, v.PathValue("id"))
	if err != nil {
		return nil, err
	}
	need := h.need
	if h.needOf != nil {
		need = h.needOf(s)
	}
	return s, auth.PermitAt(v.who, need, s.Area)
}

// showFirst leads to the first page that somebody may see.
func (p *Portal) showFirst(v *visit) error {
	switch back := v.back(); {
	case back != "":
		return v.redirect(back)
	case v.who.May(post.RightWrite):
		return v.redirect("/afsend")
	case v.who.May(post.RightAdminister) && !v.who.May(post.RightSeeAll):
		return v.redirect("/administration")
	}
	return v.redirect("/log")
}

// toParent answers where only a form is pressed, for whoever fetches the address: with the page that the form is on.
func toParent(mux *http.ServeMux) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		for at := r.URL.Path; at != ""; {
			at = at[:strings.LastIndexByte(at, '/')]
			probe := r.Clone(r.Context())
			if probe.URL.Path = at; at == "" {
				probe.URL.Path = "/"
			}
			if _, pattern := mux.Handler(probe); strings.HasPrefix(pattern, "GET ") && pattern != "GET /" {
				http.Redirect(w, r, probe.URL.Path, http.StatusSeeOther)
				return
			}
		}
	}
}
