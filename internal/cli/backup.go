package cli

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
)

type backupCommand struct {
	Out string `required:"" help:"Filen, der skal laves. Den kan kun læses med hovednøglen, som ikke er i den: gem den et andet sted." type:"path" placeholder:"FIL"`
}

// Run fetches a backup from the running server. The file is there only when it is whole.
func (x *backupCommand) Run(e *Env) error {
	c, err := e.client()
	if err != nil {
		return err
	}
	c.silence = backupSilenceLimit
	res, err := c.ask(http.MethodPost, "/v1/backup", nil)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	part := x.Out + ".part"
	f, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	n, err := io.Copy(f, res.Body)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(part, x.Out)
	}
	if err != nil {
		return errors.Join(c.cause(fmt.Errorf("sikkerhedskopien blev ikke hel: %w", err)), os.Remove(part))
	}
	return e.print(
		map[string]any{"file": x.Out, "bytes": n},
		func(w io.Writer) {
			fmt.Fprintf(
				w,
				"%s: %d bytes\nDen kan kun læses med installationens hovednøgle, som ikke er i den.\n",
				x.Out,
				n,
			)
		},
	)
}
