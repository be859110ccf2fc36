package cli

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"brevdue/internal/cms"
	"brevdue/internal/post"
	"brevdue/internal/stage/incident"
)

// Incident fetches the package of a shipment for the data protection officer.
func (e *Env) Incident(shipment string) ([]byte, error) {
	c, err := e.client()
	if err != nil {
		return nil, err
	}
	var link linkJSON
	if err := c.call(http.MethodPost, shipmentPath(shipment, "/incident"), nil, &link); err != nil {
		return nil, err
	}
	return c.fetch(link)
}

// Print writes a value as JSON, or a line of text.
func (e *Env) Print(value any, text string) error {
	return e.print(value, func(w io.Writer) { fmt.Fprintln(w, text) })
}

type verifyCommand struct {
	File        string `arg:"" help:"Pakken (zip)." type:"existingfile"`
	Fingerprint string `help:"Fingeraftryk af det certifikat, der skal have underskrevet."`
}

// Run checks a package without a server.
func (x *verifyCommand) Run(e *Env) error {
	f, err := os.Open(x.File)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	v, err := incident.Verify(f, info.Size(), func(content, signature []byte) (string, error) {
		c, err := cms.Verify(content, signature)
		if err != nil {
			return "", err
		}
		return cms.Fingerprint(c), nil
	})
	if err == nil && x.Fingerprint != "" && x.Fingerprint != v.Signer {
		err = errors.New("pakken er underskrevet med et andet certifikat: " + v.Signer)
	}
	if err != nil {
		return fmt.Errorf("pakken er ikke, som den blev lavet: %w", err)
	}
	return e.print(v, func(w io.Writer) {
		m := v.Manifest
		fmt.Fprintf(
			w,
			"Pakken er hel: forsendelse %s, lavet %s af %s\n%d filer, %d breve, %d kvitteringer, %d linjer i "+
				"revisionssporet\nUnderskrevet med %s\n",
			m.Shipment,
			clock(m.Made),
			m.By,
			len(m.Files),
			v.Letters,
			v.Receipts,
			v.Entries,
			v.Signer,
		)
	})
}

type auditCommand struct {
	Shipment string `help:"En forsendelses spor; ellers organisationens eget." placeholder:"ID"`
	Person   bool   `help:"Alt om én persons breve, uden medarbejdernes navne. Nummeret læses fra standard input."`
	Seen     bool   `help:"Hvem har set én persons breve, med navne. Nummeret læses fra standard input." xor:"of"`
	User     string `help:"Hvad en bruger har set og gjort, det nyeste først." xor:"of" placeholder:"NAVN"`
	Erase    string `help:"Slet navne og tekster fra før denne dag; kæden forbliver hel." placeholder:"2021-12-31"`
}

type entry struct {
	Shipment string    `json:"shipment,omitempty"`
	Number   int64     `json:"number"`
	At       time.Time `json:"at"`
	By       string    `json:"by"`
	Name     string    `json:"name,omitempty"`
	Action   string    `json:"action"`
	Letter   string    `json:"letter,omitempty"`
	Text     string    `json:"text,omitempty"`
	Erased   bool      `json:"erased,omitempty"`
	Hash     string    `json:"hash"`
}

// Run prints or trims the audit log.
func (x *auditCommand) Run(e *Env) error {
	c, err := e.client()
	if err != nil {
		return err
	}
	switch {
	case x.Person:
		return x.person(e, c)
	case x.Seen || x.User != "":
		return x.seen(e, c)
	case x.Erase != "":
		return x.erase(e, c)
	}
	return x.fetch(e, c)
}

// person prints all about one person's letters; it is JSON in any case.
func (*auditCommand) person(e *Env, c *client) error {
	number, err := e.read()
	if err != nil {
		return err
	}
	var out map[string]any
	if err := c.call(http.MethodPost, "/v1/audit/person", map[string]string{"number": number}, &out); err != nil {
		return err
	}
	e.JSON = true
	return e.print(out, nil)
}

// seen prints who has seen a person, or what a user has seen.
func (x *auditCommand) seen(e *Env, c *client) error {
	body := map[string]string{"user": x.User}
	if x.Seen {
		number, err := e.read()
		if err != nil {
			return err
		}
		body = map[string]string{"number": number}
	}
	var out struct {
		Entries []entry `json:"entries"`
	}
	if err := c.call(http.MethodPost, "/v1/audit/seen", body, &out); err != nil {
		return err
	}
	return e.print(out, func(w io.Writer) { writeEntries(w, out.Entries) })
}

func writeEntries(w io.Writer, entries []entry) {
	for _, n := range entries {
		fmt.Fprintf(
			w,
			"%s  %-6s %-14s %-12s %s %s\n",
			n.At.In(post.Denmark()).Format("2006-01-02 15:04:05"),
			n.By,
			n.Name,
			n.Action,
			n.Letter,
			n.Text,
		)
	}
}

func (x *auditCommand) erase(e *Env, c *client) error {
	var out struct {
		Erased int `json:"erased"`
	}
	if err := c.call(http.MethodPost, "/v1/audit/erase", map[string]string{"before": x.Erase, "shipment": x.Shipment},
		&out); err != nil {
		return err
	}
	return e.print(out, func(w io.Writer) { fmt.Fprintf(w, "%d tekster slettet\n", out.Erased) })
}

// fetch prints a chain; one that is broken is an error.
func (x *auditCommand) fetch(e *Env, c *client) error {
	var auditLog struct {
		Entries []entry `json:"entries"`
		Whole   bool    `json:"whole"`
		Broken  string  `json:"broken,omitempty"`
	}
	if err := c.call(http.MethodGet, "/v1/audit?shipment="+url.QueryEscape(x.Shipment), nil, &auditLog); err != nil {
		return err
	}
	err := e.print(auditLog, func(w io.Writer) { writeEntries(w, auditLog.Entries) })
	if err == nil && !auditLog.Whole {
		err = printed{errors.New("kæden er brudt: " + auditLog.Broken)}
	}
	return err
}

type noticesCommand struct {
	Add    string `help:"Få besked på denne mailadresse eller webadresse (https)." xor:"do" placeholder:"ADRESSE"`
	Remove string `help:"Fjern et abonnement." xor:"do" placeholder:"ID"`
	Resend string `help:"Send en besked igen." xor:"do" placeholder:"ID"`
}

// Run shows who is told, and what was told; or changes it.
func (x *noticesCommand) Run(e *Env) error {
	c, err := e.client()
	if err != nil {
		return err
	}
	var out map[string]any
	switch {
	case x.Add != "":
		field := "mail"
		if strings.HasPrefix(x.Add, "https://") {
			field = "hook"
		}
		err = c.call(http.MethodPut, "/v1/subscriptions", map[string]string{field: x.Add}, &out)
	case x.Remove != "":
		err = c.call(http.MethodDelete, "/v1/subscriptions/"+url.PathEscape(x.Remove), nil, &out)
	case x.Resend != "":
		err = c.call(http.MethodPost, "/v1/notices/"+url.PathEscape(x.Resend)+"/resend", nil, &out)
	default:
		var deliveries map[string]any
		if err = c.call(http.MethodGet, "/v1/subscriptions", nil, &out); err == nil {
			err = c.call(http.MethodGet, "/v1/notices", nil, &deliveries)
		}
		maps.Copy(out, deliveries)
	}
	if err != nil {
		return err
	}
	e.JSON = true
	return e.print(out, nil)
}
