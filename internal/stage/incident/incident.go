// Package incident puts together what the data protection officer needs when letters may have gone to the wrong person:
// who got what and when, with the proof, as a signed zip.
//
// Invariant: nothing stands in the package that is not in its manifest with its SHA-256, and the manifest is signed
// with a key that no other stage has.
//
// shipment, letters, receipts, audit -> [incident] -> zip, link
package incident

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/workflow"
)

// Handler makes packages.
type Handler struct {
	Shipments post.Shipments
	Lists     post.LetterLists
	Objects   post.Objects
	Links     post.Links
	Audit     post.Auditor
	Sign      func(content []byte) (signature []byte, err error)
	Now       func() time.Time
}

// Make puts the package of a shipment together and returns a link to it.
func (h *Handler) Make(ctx context.Context, who post.Caller, id string) (post.Link, error) {
	content, err := h.Pack(ctx, who, id)
	if err != nil {
		return post.Link{}, err
	}
	name := fmt.Sprintf("%s-%s.zip", id, h.Now().UTC().Format("20060102-150405"))
	objects, err := h.Objects.Put(
		ctx,
		post.File{Org: who.Org, Key: path.Join("incident", who.Org, name), Content: content},
	)
	if err != nil {
		return post.Link{}, err
	}
	return h.Links.Download(ctx, who.Org, objects[0], "dokumentation-"+name)
}

// Pack puts the package of a shipment together.
func (h *Handler) Pack(ctx context.Context, who post.Caller, id string) ([]byte, error) {
	s, err := h.Shipments.Get(ctx, who.Org, id)
	if err != nil {
		return nil, err
	}
	if err := h.Audit.Record(ctx, who.Did(post.ActIncident, id, "", "")); err != nil {
		return nil, err
	}
	p := &packing{files: map[string]string{}}
	p.zip = zip.NewWriter(&p.buf)
	if err := h.fill(ctx, p, s); err != nil {
		return nil, err
	}
	err = h.close(p, s, who)
	return p.buf.Bytes(), err
}

// packing is a package on its way.
type packing struct {
	buf   bytes.Buffer
	zip   *zip.Writer
	files map[string]string // name to SHA-256
}

func (p *packing) add(name string, content []byte) error {
	w, err := p.zip.Create(name)
	if err != nil {
		return err
	}
	p.files[name] = fingerprint(content)
	_, err = w.Write(content)
	return err
}

// fingerprint is the SHA-256 of a file, as the manifest has it.
func fingerprint(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

func (p *packing) addJSON(name string, value any) error {
	b, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return err
	}
	return p.add(name, b)
}

func (h *Handler) fill(ctx context.Context, p *packing, s *post.Shipment) error {
	var letters []Letter
	err := workflow.EachPage(ctx, h.Lists, s, func(page []*post.Letter) error {
		for _, l := range page {
			letters = append(letters, letterOf(l))
			for i, r := range l.Receipts {
				if err := p.add(receiptName(l, i), r.Raw); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	chain, err := workflow.AuditChain(ctx, h.Audit, s.Org, s.ID)
	if err != nil {
		return err
	}
	return errors.Join(
		p.add("LAESMIG.txt", []byte(readMe)),
		p.addJSON("forsendelse.json", shipmentOf(s)),
		p.addJSON("breve.json", letters),
		p.addJSON("revision.json", chain),
	)
}

// Manifest is what is signed.
type Manifest struct {
	Organization string            `json:"organization"`
	Shipment     string            `json:"shipment"`
	Environment  post.Environment  `json:"environment"`
	Made         time.Time         `json:"made"`
	By           string            `json:"by"`
	Files        map[string]string `json:"files"` // SHA-256, hex
}

// Names of the two files that stand for all others.
const (
	ManifestName  = "manifest.json"
	SignatureName = "manifest.p7s"
)

func (h *Handler) close(p *packing, s *post.Shipment, who post.Caller) error {
	manifest, err := json.MarshalIndent(
		Manifest{s.Org, s.ID, s.Environment, h.Now().UTC(), who.Name, p.files},
		"",
		"  ",
	)
	if err != nil {
		return err
	}
	signature, err := h.Sign(manifest)
	if err != nil {
		return err
	}
	return errors.Join(p.add(ManifestName, manifest), p.add(SignatureName, signature), p.zip.Close())
}

const readMe = `Dokumentation for en forsendelse, lavet af Brevdue til den databeskyttelsesansvarlige.
forsendelse.json  hvem der sendte hvad, hvornår og hvordan
breve.json        hvert brev: modtager, sider, besked-id, tider, fingeraftryk, kvitteringer, forløb
kvitteringer/     Digital Posts kvitteringer, som de kom
revision.json     hvem der har set og gjort hvad, som en kæde af fingeraftryk
manifest.json     SHA-256 af alle filer
manifest.p7s      underskrift af manifest.json (CMS, RFC 5652)

Pakken indeholder CPR-numre. Efterprøv den uden forbindelse til Brevdue: brevdue verify FIL.zip
`
