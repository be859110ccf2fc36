package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"brevdue/internal/cli"
	"brevdue/internal/post"
)

// archiveOrganization sets up an archive outside Brevdue for an organization.
type archiveOrganization struct {
	installation
	ID   string `arg:"" help:"Organisationens id."`
	File string `arg:"" optional:"" help:"Arkivets oplysninger (JSON); se docs/connect.md." type:"existingfile" placeholder:"FIL"`
	End  string `help:"Læg ikke flere breve i dette arkiv. Det, der er begyndt, gøres færdigt." placeholder:"ID"`
}

// Run sets up an archive. Its secrets stand in a file, and in no command line that others see.
func (x *archiveOrganization) Run(ctx context.Context, e *cli.Env) error {
	change := post.OrganizationChange{EndArchive: x.End}
	if (x.File == "") == (x.End == "") {
		return errors.New("giv en fil med arkivets oplysninger, eller --end ID")
	}
	if x.File != "" {
		var err error
		if change.Archive, err = readArchive(x.File); err != nil {
			return err
		}
	}
	return x.operateOld(ctx, e, func(o post.Operator) error {
		changed, err := o.ChangeOrganization(ctx, x.ID, change)
		if err != nil {
			return err
		}
		var text strings.Builder
		for _, a := range changed.Archives {
			fmt.Fprintf(&text, "%s  %s (%s)", a.ID, a.Name, a.Kind)
			if a.Ended {
				fmt.Fprint(&text, ", tager ikke imod flere breve")
			}
			fmt.Fprintln(&text)
		}
		return e.Print(cli.OrganizationJSON(changed), strings.TrimSuffix(text.String(), "\n"))
	})
}

// readArchive reads what stands in the file of an archive. A word that it does not know is a mistake, not a guess.
func readArchive(file string) (*post.ArchiveConnection, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	d := json.NewDecoder(bytes.NewReader(content))
	d.DisallowUnknownFields()
	var c post.ArchiveConnection
	if err := d.Decode(&c); err != nil {
		return nil, fmt.Errorf("%s kan ikke læses: %s", file, explained(err))
	}
	return &c, nil
}

// explained says what is wrong with JSON without quoting it: it has secrets.
func explained(err error) string {
	var syntax *json.SyntaxError
	var typ *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return fmt.Sprintf("det er ikke JSON (tegn %d)", syntax.Offset)
	case errors.As(err, &typ):
		return fmt.Sprintf("»%s« er af en forkert slags", typ.Field)
	case strings.HasPrefix(err.Error(), "json: unknown field "):
		return strings.TrimPrefix(err.Error(), "json: unknown field ") + " er ikke en af arkivets oplysninger"
	}
	return "det er ikke JSON"
}
