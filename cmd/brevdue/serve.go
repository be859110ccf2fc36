package main

import (
	"context"
	"log/slog"
	"os"
	"runtime/debug"
	"time"

	"brevdue/internal/app"
	"brevdue/internal/cli"
	"brevdue/internal/ident"
	"brevdue/internal/post"
	"brevdue/internal/remote/digitalpost/fake"
	"brevdue/internal/remote/mail"
)

type serveCommand struct {
	Addr        string   `help:"Adresse at lytte på." default:"127.0.0.1:8080"`
	Host        []string `help:"Flere værtsnavne (med port), som browseren må bruge."`
	TrustProxy  []string `name:"trusted-proxy" aliases:"trust-proxy" help:"Reverse proxies (adresser eller net), hvis X-Forwarded-For og -Proto der stoles på." default:"127.0.0.0/8,::1"`
	TLSCert     string   `name:"tls-cert" help:"Serverens certifikat (PEM): så taler portalen https." type:"path" placeholder:"FIL"`
	TLSKey      string   `name:"tls-key" help:"Certifikatets nøgle (PEM)." type:"path" placeholder:"FIL"`
	PublicURL   string   `name:"public-url" help:"Portalens adresse bag en proxy, der afslutter https." placeholder:"URL"`
	UploadLimit int64    `help:"Største upload i MB." default:"500"`
	MassFrom    int      `help:"Fra så mange breve sendes de samlet; 0 for aldrig." default:"600" placeholder:"ANTAL"`
	Senders     int      `help:"Hvor mange bundter på 10 breve, der sendes samtidig." default:"8"`
	NewCode     bool     `help:"Giv brugeren fra første start (eller --user) en ny kode."`

	Organization string `help:"Id på organisationen, der sender; den oprettes, hvis den ikke findes. Uden den: demoen i en ny datamappe." placeholder:"ID"`
	Name         string `help:"Organisationens navn, som modtagerne ser." placeholder:"NAVN"`
	CVR          string `name:"cvr" help:"CVR-nummeret, der sendes med." placeholder:"NUMMER"`
	User         string `help:"Organisationens første bruger." default:"admin"`

	DigitalPostRate int              `help:"Højst så mange kald i sekundet til Digital Post; 0 for ingen grænse." default:"100" env:"BREVDUE_DIGITAL_POST_RATE" placeholder:"ANTAL"`
	DigitalPost     string           `help:"Send til denne Digital Post i stedet for simulatoren." env:"BREVDUE_DIGITAL_POST" placeholder:"URL"`
	Environment     post.Environment `help:"simulator, test eller production; ellers følger det af adressen." env:"BREVDUE_ENVIRONMENT"`
	SystemID        string           `help:"Systemets id hos Digital Post." env:"BREVDUE_SYSTEM_ID"`
	SystemKey       string           `help:"Systemets nøgle hos Digital Post." env:"BREVDUE_SYSTEM_KEY"`
	Certificate     string           `help:"Certifikat til Digital Post (OCES3): PEM, eller PKCS#12 med --certificate-code." type:"path" placeholder:"FIL"`
	CertificateKey  string           `help:"Certifikatets nøgle (PEM)." type:"path" placeholder:"FIL"`
	CertificateCode string           `help:"Fil med koden til et certifikat i PKCS#12." type:"path" placeholder:"FIL"`
	PushToken       string           `help:"Tag imod kvitteringer på POST /v1/receipts med denne nøgle; uden den er det slået fra." env:"BREVDUE_PUSH_TOKEN"`
	SMTP            string           `name:"smtp" help:"Mailserver til beskeder: smtp://…, smtp+starttls://bruger:kode@… eller smtps://… (også Amazon SES)." env:"BREVDUE_SMTP" placeholder:"URL"`
	MailFrom        string           `help:"Afsender af beskeder." default:"brevdue@localhost" env:"BREVDUE_MAIL_FROM"`
	OCR             string           `name:"ocr" help:"Lad Tesseract gætte numre på scannede sider: sproget, for eksempel dan. Et menneske bekræfter hvert gæt. Uden læses de ikke." env:"BREVDUE_OCR" placeholder:"SPROG"`
	StatusPage      bool             `help:"Vis på /status for alle, hvordan installationen virker: nedbrud, og hvor hurtigt breve kommer frem." env:"BREVDUE_STATUS_PAGE"`
	Clamd           string           `help:"Virusscanner (clamd): unix:/run/clamav/clamd.ctl eller tcp:127.0.0.1:3310. Uden scannes der ikke." env:"BREVDUE_CLAMD" placeholder:"ADRESSE"`
	ArchiveFolder   string           `help:"Mappe, som organisationernes arkivmapper ligger i, f.eks. et drev. Se docs/connect.md." env:"BREVDUE_ARCHIVE_FOLDER" type:"existingdir" placeholder:"MAPPE"`
	Duplicates      fake.Duplicates  `help:"Hvad simulatoren svarer på et UUID, der kommer igen: refuse, accept, invalid-before, invalid-after." default:"refuse"`
	Delay           time.Duration    `help:"Hvor længe simulatoren venter med kvitteringen." default:"300ms"`

	Timings       string        `name:"pace" help:"demo eller production; demo, hvor simulatoren bruges." enum:"demo,production," default:""`
	BackOffFrom   time.Duration `help:"Første ventetid efter en midlertidig fejl."`
	BackOffTo     time.Duration `help:"Længste ventetid efter en midlertidig fejl."`
	RetryFor      time.Duration `help:"Hvor længe der bliver prøvet igen."`
	ReceiptWithin time.Duration `help:"Hvornår en kvittering mangler."`
	CheckAfter    time.Duration `name:"look" help:"Hvornår arbejde, der står stille, bliver taget op igen."`
	Sweep         time.Duration `help:"Tid mellem to oprydninger."`
	Poll          time.Duration `help:"Tid mellem to hentninger af kvitteringer."`
	Call          time.Duration `help:"Hvor længe et kald til Digital Post må vare."`
}

// memoryLimit is what the collector keeps the heap below as far as it can.
const memoryLimit = 200 << 20

// Run starts the service.
func (x *serveCommand) Run(ctx context.Context, e *cli.Env) error {
	slog.SetDefault(slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{ReplaceAttr: ident.MaskAttr})))
	debug.SetGCPercent(200) // collect half as often as usual, while the heap is small
	debug.SetMemoryLimit(memoryLimit)
	timings, name, err := x.timings()
	if err != nil {
		return err
	}
	c := app.Config{
		Addr:         x.Addr,
		Data:         e.Data,
		MasterKey:    e.MasterKey,
		Hosts:        x.Host,
		TLSCert:      x.TLSCert,
		TLSKey:       x.TLSKey,
		PublicURL:    x.PublicURL,
		Proxies:      x.TrustProxy,
		Timings:      timings,
		TimingsName:  name,
		UploadLimit:  x.UploadLimit << 20,
		MassFrom:     x.MassFrom,
		Senders:      x.Senders,
		NewCode:      x.NewCode,
		Organization: post.NewOrganization{ID: x.Organization, Name: x.Name, CVR: x.CVR, User: x.User},
		Version:      version,
		Duplicates:   x.Duplicates,
		Delay:        x.Delay,
		PushToken:    x.PushToken,
		Mail:         x.SMTP,
		MailFrom:     x.MailFrom,
		OpenMail:     mail.Open,
		Clamd:        x.Clamd,
		StatusPage:   x.StatusPage,
		Archives:     x.ArchiveFolder,
		OCR:          x.OCR,
		DigitalPost: app.DigitalPost{
			URL:         x.DigitalPost,
			Environment: x.Environment,
			SystemID:    x.SystemID,
			APIKey:      x.SystemKey,
			Rate:        x.DigitalPostRate,
		},
	}
	if x.DigitalPost == "" { // the simulator has no limit
		c.DigitalPost.Rate = 0
	}
	certificate := certificateFiles{x.Certificate, x.CertificateKey, x.CertificateCode}
	if c.DigitalPost.Certificate, err = certificate.pair(); err != nil {
		return err
	}
	return app.Serve(ctx, c, e.Out)
}

// timings returns the demo's waiting times with the simulator, production's elsewhere, and in both what was set by
// itself.
func (x *serveCommand) timings() (post.Timings, string, error) {
	p, name := post.ProductionTimings, "production"
	if x.Timings == "demo" || x.Timings == "" && x.DigitalPost == "" {
		p, name = post.DemoTimings, "demo"
	}
	for wait, d := range map[string]time.Duration{"backOffFrom": x.BackOffFrom, "backOffTo": x.BackOffTo,
		"retryFor":      x.RetryFor,
		"receiptWithin": x.ReceiptWithin, "look": x.CheckAfter, "sweep": x.Sweep, "poll": x.Poll, "call": x.Call} {
		if d == 0 {
			continue
		}
		if err := p.Set(wait, d); err != nil {
			return p, "", err
		}
	}
	return p, name, nil
}
