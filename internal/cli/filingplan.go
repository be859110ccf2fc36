package cli

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"

	"brevdue/internal/kle"
	"brevdue/internal/post"
)

type filingPlanCommand struct {
	Import string `help:"Læs emneplanen fra KLE's XML-fil, som KL udgiver den." placeholder:"FIL" type:"existingfile"`
	Find   string `help:"Vis kun numre, der begynder sådan, eller har det i titlen." placeholder:"TEKST"`
}

// Run takes in a filing plan if it is told to, and shows the organization's.
func (x *filingPlanCommand) Run(e *Env) error {
	c, err := e.client()
	if err != nil {
		return err
	}
	var all struct {
		Subjects post.FilingPlan `json:"subjects"`
	}
	if x.Import == "" {
		if err := c.call(http.MethodGet, "/v1/filing-plan", nil, &all); err != nil {
			return err
		}
	} else {
		plan, err := readFilingPlan(x.Import)
		if err != nil {
			return err
		}
		if err := c.call(http.MethodPut, "/v1/filing-plan", map[string]any{"subjects": plan}, &all); err != nil {
			return err
		}
	}
	found := post.FilingPlan{}
	for _, s := range all.Subjects {
		if strings.HasPrefix(s.Number, x.Find) || strings.Contains(strings.ToLower(s.Title), strings.ToLower(x.Find)) {
			found = append(found, s)
		}
	}
	return e.print(found, func(w io.Writer) {
		if x.Find == "" {
			fmt.Fprintf(w, "Emneplanen har %d KLE-numre.\n", len(found))
			return
		}
		for _, s := range found {
			fmt.Fprintf(w, "%-9s %s\n", s.Number, s.Title)
		}
	})
}

func readFilingPlan(path string) (post.FilingPlan, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return kle.Read(f)
}
