package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"brevdue/internal/app"
	"brevdue/internal/cli"
	"brevdue/internal/post"
)

type resumeCommand struct {
	Table string `help:"Installationens tabel på AWS, som »brevdue-prod«; uden den er det datamappen." env:"BREVDUE_TABLE"`
}

// Run lets a restored installation send again. Digital Post is asked about every letter from before.
func (x *resumeCommand) Run(ctx context.Context, e *cli.Env) error {
	resume := func() error { // the server must not run
		if !hasInstallation(e) {
			return noInstallation(e)
		}
		return app.Resume(ctx, e.Data, e.MasterKey)
	}
	if x.Table != "" {
		resume = func() error { return app.ResumeTable(ctx, x.Table) }
	}
	if err := resume(); err != nil {
		return err
	}
	return e.Print(map[string]bool{"resumed": true},
		"Der bliver sendt igen. Om hvert brev fra før gendannelsen bliver Digital Post spurgt, før det sendes.")
}

type restoreCommand struct {
	File string `arg:"" help:"Sikkerhedskopien." type:"existingfile"`
}

// Run makes a data folder of a backup.
func (x *restoreCommand) Run(e *cli.Env) error {
	f, err := os.Open(x.File)
	if err != nil {
		return err
	}
	defer f.Close()
	done, err := app.Restore(f, e.Data, e.MasterKey)
	if errors.Is(err, app.ErrNotEmpty) {
		return fmt.Errorf("datamappen %s er ikke tom; giv en ny med --data", e.Data)
	}
	if err != nil {
		return err
	}
	next := "brevdue resume --data " + e.Data
	if e.MasterKey != "" { // the folder has none of its own
		next += " --master-key " + e.MasterKey
	}
	return e.Print(
		map[string]any{"data": e.Data, "files": done.Files, "made": done.Made, "version": done.Version},
		fmt.Sprintf(
			"%d filer fra %s (Brevdue %s) ligger nu i %s.\nIntet bliver sendt, før du har kørt: %s",
			done.Files,
			done.Made.In(post.Denmark()).Format("2006-01-02 15:04"),
			done.Version,
			e.Data,
			next,
		),
	)
}
