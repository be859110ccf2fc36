package machine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"brevdue/internal/ident"
	"brevdue/internal/post"
	"brevdue/internal/remote/digitalpost/fake"
)

// The organization that a first start makes, so that there is something to try.
const (
	demoOrg    = "demo"
	demoUser   = "demo"
	demoName   = "Nordøby Kommune"
	demoSender = "99060816" // fictitious: 99xxxxxx with a valid check digit
)

// welcome makes the demo organization at the first start, and says where everything is.
func (h *house) welcome(ctx context.Context, out io.Writer) error {
	code, err := h.furnish(ctx)
	if err != nil {
		return err
	}
	w := &strings.Builder{}
	fmt.Fprintf(w, "Brevdue %s\n\n  Portal      %s\n", h.config.Version, h.base)
	switch {
	case code != "":
		fmt.Fprintf(w, "  Log ind     bruger »%s«, kode »%s« (vises kun denne ene gang)\n", demoUser, code)
	default:
		fmt.Fprintf(w, "  Log ind     bruger »%s« med koden fra første start (glemt: serve --new-code)\n", demoUser)
	}
	fmt.Fprintf(w, "  API-nøgle   %s/key (kommandolinjen finder den selv)\n  Data        %s\n", h.config.Data, h.config.Data)
	p := h.config.Pace
	fmt.Fprintf(w, "  Tempo       %s: nyt forsøg efter %s–%s i %s, kvittering inden %s, oprydning hver %s\n",
		h.config.PaceName, p.BackOffFrom, p.BackOffTo, p.RetryFor, p.ReceiptWithin, p.Sweep)
	if h.simulator == nil {
		fmt.Fprintf(w, "  Digital Post %s (%s)\n", h.config.DigitalPost.URL, h.environment)
	} else {
		fmt.Fprintf(w, "  Digital Post simulator, intet forlader maskinen. Hvad den har taget imod: %s/simulator/messages\n\n", h.base)
		fmt.Fprintf(w, "CPR-numre, der ender på …, giver i simulatoren:\n")
		for _, e := range fake.Endings {
			fmt.Fprintf(w, "  %s  %s\n", e.Digits, e.Does)
		}
		fmt.Fprintf(w, "  alle andre: to flueben. Et UUID, der kommer igen: %s\n", h.config.Duplicates)
	}
	_, err = fmt.Fprintf(out, "%s\n", w)
	return err
}

// furnish makes the demo organization with a user and a key, and returns the user's new code if there is one. The
// organization is written last: a start that dies before is a first start again.
func (h *house) furnish(ctx context.Context) (string, error) {
	user := post.Caller{Org: demoOrg, Name: demoUser}
	_, err := h.store.Organization(ctx, demoOrg)
	if err == nil {
		if h.config.NewCode {
			return h.gate.NewCode(ctx, user)
		}
		return "", nil
	}
	if !errors.Is(err, post.ErrNotFound) {
		return "", err
	}
	key, err := h.gate.NewKey(ctx, post.Caller{Org: demoOrg, Name: "kommandolinje"})
	if err != nil {
		return "", err
	}
	if err := h.home.WriteSecret("key", []byte(key+"\n")); err != nil {
		return "", err
	}
	code, err := h.gate.NewCode(ctx, user)
	if err != nil {
		return "", err
	}
	number, err := ident.ParseCVR(demoSender)
	if err != nil {
		return "", err
	}
	return code, h.store.PutOrganization(ctx, &post.Organization{ID: demoOrg, Name: demoName, MeMo: post.MeMo12,
		Senders: []post.Sender{{Number: number, Name: demoName}}})
}
