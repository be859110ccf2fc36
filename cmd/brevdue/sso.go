package main

import (
	"context"
	"fmt"
	"os"
	"strings"

	"brevdue/internal/cli"
	"brevdue/internal/post"
)

// signOnOrganization sets the log-in of an organization's own.
type signOnOrganization struct {
	installation
	ID        string            `arg:"" help:"Organisationens id."`
	Issuer    string            `       help:"Udstederens adresse, som https://login.microsoftonline.com/LEJER/v2.0."   placeholder:"ADRESSE"`
	Client    string            `       help:"Klientens id, som loginnet kender Brevdue ved."                           placeholder:"ID"`
	Secret    string            `       help:"Fil med klientens hemmelighed; uden den bliver den gamle."                placeholder:"FIL"          type:"existingfile"`
	Tenant    []string          `       help:"Lejer i Entra ID, hvis folk kan komme ind."                               placeholder:"ID"`
	Role      map[string]string `       help:"Rolle og id'et på adgangsgruppen, den giver: Brevdue.Afsender=afsendere." placeholder:"ROLLE=GRUPPE"`
	Claim     string            `       help:"Hvor rollerne står i svaret."                                             placeholder:"NAVN"                             default:"roles"`
	Only      bool              `       help:"Slå koder fra, undtagen for de to brugere i --emergency."`
	Emergency []string          `       help:"Bruger, der kan logge ind med kode i en nødsituation."                    placeholder:"BRUGER"`
	Off       bool              `       help:"Log ind med kode igen, og kun med den."`
}

// Run sets the log-in, or ends it.
func (x *signOnOrganization) Run(ctx context.Context, e *cli.Env) error {
	s := &post.SingleSignOn{}
	if !x.Off {
		s = &post.SingleSignOn{
			Issuer:    x.Issuer,
			ClientID:  x.Client,
			Tenants:   x.Tenant,
			RoleClaim: x.Claim,
			Roles:     x.Role,
			Only:      x.Only,
			Emergency: x.Emergency,
		}
		if x.Issuer == "" {
			return fmt.Errorf("giv udstederens adresse med --issuer, eller --off for at slå det fra")
		}
	}
	if x.Secret != "" {
		secret, err := os.ReadFile(x.Secret)
		if err != nil {
			return err
		}
		s.ClientSecret = strings.TrimSpace(string(secret))
	}
	return x.operateOld(ctx, e, func(o post.Operator) error {
		changed, err := o.ChangeOrganization(ctx, x.ID, post.OrganizationChange{SSO: s})
		if err != nil {
			return err
		}
		text := "Der logges ind med kode."
		if changed.SSO.On() {
			text = "Der logges ind gennem " + changed.SSO.Issuer
		}
		return e.Print(map[string]any{"organization": x.ID, "sso": changed.SSO.Shown()}, text)
	})
}
