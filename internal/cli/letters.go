package cli

import (
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"brevdue/internal/post"
)

// letter is a letter as the API shows it, and as letters and split print it.
type letter struct {
	Name      string             `json:"name,omitempty"`
	Findings  []post.FindingCode `json:"findings,omitempty"`
	Unit      string             `json:"unit,omitempty"` // P-number
	Available time.Time          `json:"availableFrom,omitzero"`
	Notified  time.Time          `json:"legallyNotified,omitzero"`
	Number    int                `json:"number"`
	FirstPage int                `json:"firstPage"`
	LastPage  int                `json:"lastPage"`
	Recipient *recipient         `json:"recipient"`
	State     string             `json:"state"`
	Failure   *failure           `json:"failure"`
	Archived  bool               `json:"archived"`
}

type recipient struct {
	Type string `json:"type"`
	ID   string `json:"id"`
}

type lettersCommand struct {
	ID     string `arg:"" help:"Forsendelsens id."`
	Reveal bool   `help:"Vis numrene helt."`
}

// Run lists the letters of a shipment.
func (x *lettersCommand) Run(e *Env) error {
	c, err := e.client()
	if err != nil {
		return err
	}
	letters := []letter{}
	for next := 1; next > 0; {
		var page struct {
			Letters []letter `json:"letters"`
			Next    int      `json:"next"`
		}
		path := shipmentPath(x.ID, fmt.Sprintf("/letters?from=%d&limit=1000&reveal=%t", next, x.Reveal))
		if err := c.call(http.MethodGet, path, nil, &page); err != nil {
			return err
		}
		letters, next = append(letters, page.Letters...), page.Next
	}
	return e.print(letters, func(w io.Writer) { printLetters(w, letters) })
}

func printLetters(w io.Writer, letters []letter) {
	for _, l := range letters {
		to, why := "ingen modtager", ""
		if l.Recipient != nil {
			to = l.Recipient.Type + " " + l.Recipient.ID
			if l.Unit != "" {
				to += " P " + l.Unit
			}
		}
		if l.Failure != nil {
			why = "  " + l.Failure.Text
		}
		if l.Name != "" {
			why += "  (" + l.Name + ")"
		}
		fmt.Fprintf(w, "%5d  side %d–%d  %-16s %s%s\n", l.Number, l.FirstPage, l.LastPage, to, l.State, why)
	}
}

type memoCommand struct {
	ID     string `arg:"" help:"Forsendelsens id."`
	Number int    `arg:"" help:"Brevets nummer i listen."`
}

// Run prints the message as it was sent: its text from the server, with the contents of its files put back.
func (x *memoCommand) Run(e *Env) error {
	c, err := e.client()
	if err != nil {
		return err
	}
	var m struct {
		Text  string `json:"text"`
		Files []struct {
			SHA256 string `json:"sha256"`
			linkJSON
		} `json:"files"`
	}
	if err := c.call(http.MethodGet, shipmentPath(x.ID, fmt.Sprintf("/letters/%d/message", x.Number)), nil,
		&m); err != nil {
		return err
	}
	for _, f := range m.Files {
		content, err := c.fetch(f.linkJSON)
		if err != nil {
			return err
		}
		m.Text = strings.ReplaceAll(m.Text, "sha256:"+f.SHA256, base64.StdEncoding.EncodeToString(content))
	}
	if !e.JSON {
		return e.write(m.Text + "\n")
	}
	return e.print(map[string]string{"xml": m.Text}, nil)
}

type documentCommand struct {
	ID     string `arg:"" help:"Forsendelsens id."`
	Number int    `arg:"" help:"Brevets nummer i listen."`
	Out    string `help:"Fil at skrive til; uden den skrives PDF'en ud." short:"o" type:"path"`
}

// Run fetches a letter's PDF.
func (x *documentCommand) Run(e *Env) error {
	c, err := e.client()
	if err != nil {
		return err
	}
	return e.save(c, shipmentPath(x.ID, fmt.Sprintf("/letters/%d/document", x.Number)), x.Out)
}

// save fetches the file that a path links to, and writes it to out, or prints it.
func (e *Env) save(c *client, path, out string) error {
	var l linkJSON
	if err := c.call(http.MethodGet, path, nil, &l); err != nil {
		return err
	}
	content, err := c.fetch(l)
	if err != nil {
		return err
	}
	return e.give(content, out)
}

// give writes a file to out, or prints it.
func (e *Env) give(content []byte, out string) error {
	if out != "" {
		if err := os.WriteFile(out, content, 0o600); err != nil {
			return err
		}
		return e.print(map[string]any{"file": out, "bytes": len(content)}, func(io.Writer) {})
	}
	if !e.JSON {
		return e.write(string(content))
	}
	return e.print(map[string]string{"content": base64.StdEncoding.EncodeToString(content)}, nil)
}
