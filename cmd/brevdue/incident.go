package main

import (
	"context"
	"fmt"
	"os"

	"brevdue/internal/app"
	"brevdue/internal/cli"
)

type incidentCommand struct {
	Shipment string `arg:"" help:"Forsendelsens id."`
	Out      string `required:"" help:"Filen (zip), der skal laves." type:"path" placeholder:"FIL"`
	Table    string `help:"Installationens tabel på AWS, som »brevdue-prod«; uden den spørges serveren." env:"BREVDUE_TABLE"`
	Evidence string `help:"Med --table: filen med nøglen, der underskrives med (PEM). Den laves, hvis den ikke er der; pas på den." type:"path" default:"evidence.pem"`
}

// Run makes the package for the data protection officer.
func (x *incidentCommand) Run(ctx context.Context, e *cli.Env) error {
	pack := func() ([]byte, error) { return e.Incident(x.Shipment) }
	if x.Table != "" {
		pack = func() ([]byte, error) { return app.Evidence(ctx, x.Table, x.Shipment, x.Evidence) }
	}
	b, err := pack()
	if err != nil {
		return err
	}
	if err := os.WriteFile(x.Out, b, 0o600); err != nil {
		return err
	}
	return e.Print(
		map[string]string{"file": x.Out},
		fmt.Sprintf("%s – indeholder CPR-numre. Efterprøv med: brevdue verify %s", x.Out, x.Out),
	)
}
