package main

import (
	"context"
	"encoding/json"

	"brevdue/internal/cli"
	"brevdue/internal/wire/cloud"
	"brevdue/internal/wire/house"
)

type organizationCommand struct {
	ID    string `arg:"" help:"Organisationens id, som »nordoby«."`
	Name  string `required:"" help:"Navnet, som modtagerne ser."`
	CVR   string `required:"" help:"CVR-nummeret, der sendes med."`
	User  string `help:"Den første bruger." default:"admin"`
	Table string `required:"" help:"Installationens tabel på AWS, som »brevdue-prod«." env:"BREVDUE_TABLE"`
}

// Run makes an organization on AWS, with the credentials of the AWS environment variables.
func (x *organizationCommand) Run(ctx context.Context, e *cli.Env) error {
	founded, err := cloud.Found(ctx, x.Table, house.Founding{ID: x.ID, Name: x.Name, CVR: x.CVR, User: x.User})
	if err != nil {
		return err
	}
	return json.NewEncoder(e.Out).Encode(founded)
}
