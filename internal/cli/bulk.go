package cli

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/schollz/progressbar/v3"
)

// bulk is what became of rows of Ubehandlet that were chosen together.
type bulk struct {
	ID        string `json:"id,omitempty"` // of one that is done in the background
	Kind      string `json:"kind"`
	Sends     int    `json:"sends"`
	Asks      int    `json:"asks"`
	Archives  int    `json:"archives"`
	Splits    int    `json:"splits"`
	Nothing   int    `json:"nothing"`
	DryRun    bool   `json:"dryRun"`
	Dismissed int    `json:"dismissed"`
	Total     int    `json:"total"`
	Done      int    `json:"done"`
	Left      int    `json:"left"`
	Missing   int    `json:"missing"`
	Ended     bool   `json:"ended"`
	Problem   string `json:"problem,omitempty"`
}

// maxPoll is the longest time between two looks at what takes long.
const maxPoll = 3 * time.Second

// bulk presses something for many rows, and waits until all of them are done.
func (e *Env) bulk(c *client, path string, body any) (*bulk, error) {
	b := &bulk{}
	if err := c.call(http.MethodPost, path, body, b); err != nil {
		return nil, err
	}
	var bar *progressbar.ProgressBar
	for looks := 0; b.ID != "" && !b.Ended; looks++ {
		if e.Watched && !e.JSON && b.Total > 0 {
			if bar == nil {
				bar = progressbar.NewOptions(
					b.Total,
					progressbar.OptionSetWriter(e.Err),
					progressbar.OptionSetDescription("rækker"),
					progressbar.OptionClearOnFinish(),
				)
			}
			_ = bar.Set(b.Done) // only for show
		}
		if err := e.pause(min(maxPoll, time.Duration(looks+1)*pollEvery)); err != nil {
			return nil, fmt.Errorf("%w; det fortsætter på serveren (%s)", err, b.ID)
		}
		if err := c.call(http.MethodGet, "/v1/unhandled/bulks/"+url.PathEscape(b.ID), nil, b); err != nil {
			return nil, fmt.Errorf("%w; det fortsætter på serveren (%s)", err, b.ID)
		}
	}
	return b, nil
}

// printRest says what was not done, and why.
func (b *bulk) printRest(w io.Writer) {
	if b.Left > 0 {
		fmt.Fprintf(w, "%d kunne ikke behandles og står stadig i Ubehandlet\n", b.Left)
	}
	if b.Missing > 0 {
		fmt.Fprintf(w, "%d var der ikke, da turen kom til dem\n", b.Missing)
	}
	if b.Problem != "" {
		fmt.Fprintf(w, "Stoppet efter %d: %s Resten står stadig i Ubehandlet.\n", b.Done, b.Problem)
	}
}
