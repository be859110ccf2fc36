package main

import (
	"context"
	"time"

	"brevdue/internal/app"
	"brevdue/internal/cli"
	"brevdue/internal/remote/digitalpost/fake"
)

type simulatorCommand struct {
	Addr       string          `help:"Adresse at lytte på." default:"127.0.0.1:8090"`
	Duplicates fake.Duplicates `help:"Hvad den svarer på et UUID, der kommer igen: refuse, accept, invalid-before, invalid-after." default:"refuse"`
	Delay      time.Duration   `help:"Hvor længe den venter med kvitteringen." default:"300ms"`
	TLSCert    string          `name:"tls-cert" help:"Dens certifikat (PEM): så taler den https." type:"existingfile" placeholder:"FIL"`
	TLSKey     string          `name:"tls-key" help:"Certifikatets nøgle (PEM)." type:"existingfile" placeholder:"FIL"`
	ClientCA   string          `name:"client-ca" help:"Kræv et klientcertifikat fra en af disse udstedere (PEM), som Digital Post gør." type:"existingfile" placeholder:"FIL"`
	System     string          `help:"Kræv dette system og denne nøgle i Basic, som ID:NØGLE." placeholder:"ID:NØGLE"`
}

// Run starts Digital Post's simulator alone.
func (x *simulatorCommand) Run(ctx context.Context, e *cli.Env) error {
	return app.Simulate(
		ctx,
		app.Simulation{
			Addr: x.Addr, Data: e.Data, Duplicates: x.Duplicates, Delay: x.Delay,
			TLSCert: x.TLSCert, TLSKey: x.TLSKey, ClientCA: x.ClientCA, System: x.System,
		},
		e.Out,
	)
}
