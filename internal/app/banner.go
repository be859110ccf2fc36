package app

import (
	"context"
	"fmt"
	"io"
	"strings"

	"brevdue/internal/remote/digitalpost/fake"
)

// printBanner makes the first organization at the first start, and says where everything is.
func (srv *server) printBanner(ctx context.Context, out io.Writer) error {
	access, err := srv.seed(ctx)
	if err != nil {
		return err
	}
	w := &strings.Builder{}
	fmt.Fprintf(w, "Brevdue %s\n\n  Portal      %s\n", srv.config.Version, shown(srv.public))
	if access.Code != "" {
		fmt.Fprintf(w, "  Log ind     bruger »%s«, kode »%s« (vises kun denne ene gang)\n", access.User, access.Code)
	} else {
		fmt.Fprintf(w, "  Log ind     bruger »%s« med koden fra første start (glemt: serve --new-code)\n", access.User)
	}
	fmt.Fprintf(
		w,
		"  API-nøgle   %s/key (kommandolinjen finder den selv)\n  Data        %s\n"+
			"  Hovednøgle  %s (gem en kopi et andet sted: uden den kan ingen læse data eller sikkerhedskopier)\n",
		srv.config.Data,
		srv.config.Data,
		srv.backend.MasterKey,
	)
	p := srv.config.Timings
	fmt.Fprintf(w, "  Tempo       %s: nyt forsøg efter %s–%s i %s, kvittering inden %s, oprydning hver %s\n",
		srv.config.TimingsName, p.BackOffFrom, p.BackOffTo, p.RetryFor, p.ReceiptWithin, p.Sweep)
	if srv.simulator == nil {
		fmt.Fprintf(w, "  Digital Post %s (%s)\n", srv.config.DigitalPost.URL, srv.app.Environment)
	} else {
		fmt.Fprintf(w, "  Digital Post simulator, intet forlader maskinen. Hvad den har taget imod: "+
			"%s/simulator/messages\n\n", srv.base)
		fmt.Fprintf(w, "CPR-numre, der ender på …, giver i simulatoren:\n")
		for _, e := range fake.Endings {
			fmt.Fprintf(w, "  %s  %s\n", e.Digits, e.Does)
		}
		fmt.Fprintf(w, "  alle andre: to flueben. Et UUID, der kommer igen: %s\n", srv.config.Duplicates)
	}
	_, err = fmt.Fprintf(out, "%s\n", w)
	return err
}
