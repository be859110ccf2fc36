package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"brevdue/internal/cli"
	"brevdue/internal/post"
)

// connectOrganization sets the way that an organization's letters leave by.
type connectOrganization struct {
	installation
	ID              string `arg:"" help:"Organisationens id."`
	SystemID        string `       help:"Systemets id, som det er oprettet i Digital Post."             placeholder:"ID"`
	SystemKey       string `       help:"Fil med systemets nøgle."                                      placeholder:"FIL" type:"existingfile"`
	Certificate     string `       help:"Fil med organisationens certifikat (OCES3): PEM eller PKCS#12."            placeholder:"FIL" type:"existingfile"`
	CertificateKey  string `       help:"Fil med certifikatets nøgle (PEM)."                            placeholder:"FIL" type:"existingfile"`
	CertificateCode string `      help:"Fil med koden til et certifikat i PKCS#12."                    placeholder:"FIL" type:"existingfile"`
	Delegated       bool   `       help:"Systemet i Digital Post lader installationens CVR-nummer sende (delegatedCVR): brug installationens certifikat."`
	Off             bool   `       help:"Send igen gennem installationens forbindelse."`
	Forget          string `       help:"Spørg ikke mere et tidligere system, som er lukket i Digital Post."  placeholder:"ID"`
}

// Run sets the connection, or ends it.
func (x *connectOrganization) Run(ctx context.Context, e *cli.Env) error {
	if x.Forget != "" {
		return x.forget(ctx, e)
	}
	c := post.Connection{}
	if !x.Off {
		if x.SystemID == "" || x.SystemKey == "" {
			return errors.New("giv systemet med --system-id og --system-key, eller --off for " +
				"installationens forbindelse")
		}
		c.SystemID = x.SystemID
		key, err := os.ReadFile(x.SystemKey)
		if err != nil {
			return err
		}
		c.SystemKey, c.Delegated = strings.TrimSpace(string(key)), x.Delegated
		files := certificateFiles{x.Certificate, x.CertificateKey, x.CertificateCode}
		if c.Certificate, c.CertificateKey, err = files.read(); err != nil {
			return err
		}
	}
	return x.operateOld(ctx, e, func(o post.Operator) error {
		changed, err := o.ChangeOrganization(ctx, x.ID, post.OrganizationChange{Connection: &c})
		if err != nil {
			return err
		}
		text := "Der sendes gennem installationens forbindelse til Digital Post."
		system := ""
		if own := changed.Connection(); own != nil {
			system = own.SystemID
			text = fmt.Sprintf("Der sendes som systemet %s. Kvitteringer for det, der er sendt før, hentes stadig, "+
				"hvor de er.", system)
		}
		return e.Print(map[string]any{"organization": x.ID, "systemId": system}, text)
	})
}

// forget gives up a former connection.
func (x *connectOrganization) forget(ctx context.Context, e *cli.Env) error {
	return x.operateOld(ctx, e, func(o post.Operator) error {
		if _, err := o.ChangeOrganization(ctx, x.ID, post.OrganizationChange{Forget: x.Forget}); err != nil {
			return err
		}
		return e.Print(map[string]any{"organization": x.ID, "forgotten": x.Forget},
			fmt.Sprintf("Systemet %s bliver ikke spurgt mere.", x.Forget))
	})
}
