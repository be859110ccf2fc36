package cli

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/schollz/progressbar/v3"

	"brevdue/internal/post"
)

// shipment is a shipment as the API shows it.
type shipment struct {
	ID          string     `json:"id"`
	State       string     `json:"state"`
	Subject     string     `json:"subject"`
	By          string     `json:"by"`
	Environment string     `json:"environment"`
	Created     time.Time  `json:"created"`
	Pages       int        `json:"pages"`
	Letters     int        `json:"letters"`
	HandedOver  int        `json:"handedOver"`
	Completed   int        `json:"completed"`
	Failed      int        `json:"failed"`
	Dismissed   int        `json:"dismissed"`
	Cancelled   int        `json:"cancelled"`
	Archived    int        `json:"archived"`
	Open        int        `json:"open"`
	Findings    []finding  `json:"findings"`
	Failure     *failure   `json:"failure"`
	SendAfter   time.Time  `json:"sendAfter"`
	Paused      bool       `json:"paused"`
	Revision    int        `json:"revision"`
	Approval    *approval  `json:"approval"`
	ApprovedBy  string     `json:"approvedBy"`
	LookUp      *lookUp    `json:"lookUp"`
	Rehearsal   *rehearsal `json:"rehearsal"`
}

// lookUp is what the contact register says of the recipients of a shipment in review.
type lookUp struct {
	Problem     string `json:"problem,omitempty"`
	Registered  int    `json:"registered"`
	Exempt      int    `json:"exempt"`
	Closed      int    `json:"closed"`
	Unknown     int    `json:"unknown"`
	NotLookedUp int    `json:"notLookedUp"`
}

func (l *lookUp) print(w io.Writer) {
	if l != nil {
		fmt.Fprintf(w, "modtagere: %d tilmeldt, %d fritaget, %d lukket, %d ukendt, %d ikke slået op\n",
			l.Registered, l.Exempt, l.Closed, l.Unknown, l.NotLookedUp)
	}
}

// approval is a Send that waits for another person.
type approval struct {
	By      string    `json:"by"`
	At      time.Time `json:"at"`
	Letters int       `json:"letters"`
	Valid   bool      `json:"valid"`
}

type finding struct {
	Code  string `json:"code"`
	Pages []int  `json:"pages"`
	Text  string `json:"text"`
}

type failure struct {
	Code string `json:"code"`
	Text string `json:"text"`
}

// summary is what upload, send, cancel and watch print.
type summary struct {
	ID         string     `json:"id"`
	State      string     `json:"state"`
	Pages      int        `json:"pages"`
	Letters    int        `json:"letters"`
	HandedOver int        `json:"handedOver"`
	Completed  int        `json:"completed"`
	Failed     int        `json:"failed"`
	Archived   int        `json:"archived"`
	Failure    *failure   `json:"failure"`
	SendAfter  time.Time  `json:"sendAfter,omitzero"`
	Paused     bool       `json:"paused,omitempty"`
	Dismissed  int        `json:"dismissed,omitempty"`
	Approval   *approval  `json:"approval,omitempty"`
	ApprovedBy string     `json:"approvedBy,omitempty"`
	LookUp     *lookUp    `json:"lookUp,omitempty"`
	Rehearsal  *rehearsal `json:"rehearsal,omitempty"`
}

func (e *Env) printShipment(s *shipment) error {
	return e.print(
		summary{s.ID, s.State, s.Pages, s.Letters, s.HandedOver, s.Completed, s.Failed, s.Archived, s.Failure,
			s.SendAfter, s.Paused, s.Dismissed, s.Approval, s.ApprovedBy, s.LookUp, s.Rehearsal},
		func(w io.Writer) {
			fmt.Fprintf(w, "%s  %s: %d sider, %d breve, %d afleveret, %d med kvittering, %d fejlet, %d arkiveret\n",
				s.ID, s.State, s.Pages, s.Letters, s.HandedOver, s.Completed, s.Failed, s.Archived)
			if s.Approval != nil && s.Approval.Valid {
				fmt.Fprintf(w, "venter på, at en anden end %s godkender: »brevdue approve %s«\n", s.Approval.By, s.ID)
			}
			if s.State == "Review" && s.Revision > 0 {
				fmt.Fprintf(w, "rettelser i kladden: %d (--revision %d)\n", s.Revision, s.Revision)
			}
			s.LookUp.print(w)
			s.Rehearsal.print(w)
			if !s.SendAfter.IsZero() {
				fmt.Fprintf(w, "venter til %s; »brevdue undo %s« fortryder\n",
					s.SendAfter.In(post.Denmark()).Format("2.1.2006 kl. 15.04.05"), s.ID)
			}
			if s.Paused {
				fmt.Fprintf(w, "på pause; »brevdue continue %s« lader den gå videre\n", s.ID)
			}
			if s.Failure != nil {
				fmt.Fprintf(w, "%s\n", s.Failure.Text)
			}
			for _, f := range s.Findings {
				fmt.Fprintf(w, "  %v %s\n", f.Pages, f.Text)
			}
		},
	)
}

type uploadCommand struct {
	File    string   `arg:"" help:"PDF med ét eller mange breve." type:"existingfile"`
	Subject string   `required:"" help:"Emnet, som modtageren ser. Højst 50 tegn."`
	Attach  []string `help:"Bilag; kan gives flere gange." type:"existingfile" sep:"none"`
	To      []string `help:"Tast selv: CPR- eller CVR-nummer, der får hele dokumentet; »12345674 P 1000000001« er en P-enhed." placeholder:"NUMMER" sep:"none"`
	List    string   `help:"Modtagerliste: alle på den får hele dokumentet; se brevdue recipients list." placeholder:"ID"`
	Sender  string   `help:"Afsenderens CVR-nummer, blandt jeres godkendte."`
	Reply   bool     `help:"Modtageren kan svare."`
	ReplyBy string   `help:"Svar senest den dag, f.eks. »2026-12-24«." placeholder:"DAG"`
	Deliver string   `name:"deliver-on" help:"Digital Post leverer tidligst den dag." placeholder:"DAG"`
	Notify  string   `name:"notification" help:"Teksten i beskeden om brevet; kan læses på en låst skærm. Højst 160 tegn." placeholder:"TEKST"`
	Must    bool     `name:"mandatory" help:"Obligatorisk post: når også dem, der er fritaget."`
	Legal   string   `help:"Forkyndelse, med begrundelse. Kræver en rettighed, og at en anden godkender." placeholder:"BEGRUNDELSE"`
	About   string   `name:"concerns" help:"CPR- eller CVR-nummer på den, brevet handler om, når det er en anden end dem, det er tastet til." placeholder:"NUMMER"`
	Archive []string `help:"Arkiv uden for Brevdue, som brevene også lægges i (id)." placeholder:"ID"`
	Case    string   `help:"Sag, der arkiveres i; uden den én sag pr. modtager."`
	Unit    string   `help:"Enheden, der sender; uden den din egen." placeholder:"ID"`
	Type    string   `help:"Dokumenttypens id." placeholder:"ID"`
	Private bool     `name:"confidential" help:"Fortrolig: kun du og de, der må åbne fortroligt, kan se den."`
	Review  bool     `help:"Vent på gennemsyn, før noget sendes."`
	Window  bool     `help:"Kan fortrydes en tid, efter at den er delt."`
	At      string   `help:"Send tidligst da, f.eks. »2026-12-20 08:00«." placeholder:"TID"`
	Repeat  bool     `help:"Det er meningen at sende den samme fil igen."`
	Rule    string   `help:"Hvor nummeret står: first-page (normalt) eller every-page." enum:"first-page,every-page," default:""`
	Profile string   `help:"Profil, der siger, hvordan fagsystemets breve ser ud."`
	Names   string   `help:"Liste med numre og navne (CSV), som brevene holdes op imod." type:"existingfile" placeholder:"FIL"`
	Remove  bool     `name:"remove-cpr" help:"Fjern modtagerens CPR-nummer fra brevene."`
	Wait    bool     `help:"Vent, til alt er færdigt eller venter på dig."`
}

type fileJSON struct {
	Name string `json:"name"`
	Size int64  `json:"size"`
}

func fileOf(path string) (fileJSON, error) {
	info, err := os.Stat(path)
	if err != nil {
		return fileJSON{}, err
	}
	if info.Size() == 0 {
		return fileJSON{}, fmt.Errorf("%s: Filen er tom", path)
	}
	return fileJSON{filepath.Base(path), info.Size()}, nil
}

// Run uploads a document with its attachments.
func (u *uploadCommand) Run(e *Env) error {
	c, err := e.client()
	if err != nil {
		return err
	}
	order := map[string]any{
		"subject":    u.Subject,
		"sender":     u.Sender,
		"rule":       u.Rule,
		"allowReply": u.Reply,
		"concerns":   u.About,
		"case":       u.Case,
		"archives":   u.Archive,
		"unit":       u.Unit,

		"documentType":  u.Type,
		"confidential":  u.Private,
		"review":        u.Review,
		"window":        u.Window,
		"at":            u.At,
		"repeat":        u.Repeat,
		"recipients":    u.To,
		"recipientList": u.List,
		"removeCPR":     u.Remove,
		"profile":       u.Profile,
		"options": map[string]any{
			"replyBy": u.ReplyBy, "deliverOn": u.Deliver, "notification": u.Notify, "mandatory": u.Must,
			"legal": u.Legal != "", "legalReason": u.Legal,
		},
	}
	paths := append([]string{u.File}, u.Attach...)
	if u.Names != "" {
		paths = append(paths, u.Names)
	}
	files := make([]fileJSON, len(paths))
	for i, p := range paths {
		if files[i], err = fileOf(p); err != nil {
			return err
		}
	}
	order["document"], order["attachments"] = files[0], files[1:len(u.Attach)+1]
	if u.Names != "" {
		order["names"] = files[len(files)-1]
	}
	var created struct {
		shipment
		Uploads []linkJSON `json:"uploads"`
	}
	if err := c.call(http.MethodPost, "/v1/shipments", order, &created); err != nil {
		return err
	}
	for i, l := range created.Uploads {
		if err := c.upload(l, paths[i], e.bar(files[i])); err != nil {
			return err
		}
	}
	if u.Wait {
		return e.wait(c, created.ID, true)
	}
	var s shipment
	if err := c.call(http.MethodGet, shipmentPath(created.ID), nil, &s); err != nil {
		return err
	}
	return e.printShipment(&s)
}

// bar shows how far an upload is, when a person watches.
func (e *Env) bar(f fileJSON) io.Writer {
	if !e.Watched || e.JSON {
		return io.Discard
	}
	return progressbar.NewOptions64(f.Size, progressbar.OptionSetWriter(e.Err), progressbar.OptionShowBytes(true),
		progressbar.OptionSetDescription(f.Name), progressbar.OptionClearOnFinish())
}
