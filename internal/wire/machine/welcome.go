package machine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"brevdue/internal/post"
	"brevdue/internal/remote/digitalpost/fake"
	"brevdue/internal/wire/house"
)

// welcome makes the demo organization at the first start, and says where everything is.
func (h *home) welcome(ctx context.Context, out io.Writer) error {
	code, err := h.furnish(ctx)
	if err != nil {
		return err
	}
	w := &strings.Builder{}
	fmt.Fprintf(w, "Brevdue %s\n\n  Portal      %s\n", h.config.Version, h.base)
	switch {
	case code != "":
		fmt.Fprintf(w, "  Log ind     bruger »%s«, kode »%s« (vises kun denne ene gang)\n", house.Demo.User, code)
	default:
		fmt.Fprintf(w, "  Log ind     bruger »%s« med koden fra første start (glemt: serve --new-code)\n", house.Demo.User)
	}
	fmt.Fprintf(w, "  API-nøgle   %s/key (kommandolinjen finder den selv)\n  Data        %s\n", h.config.Data, h.config.Data)
	p := h.config.Pace
	fmt.Fprintf(w, "  Tempo       %s: nyt forsøg efter %s–%s i %s, kvittering inden %s, oprydning hver %s\n",
		h.config.PaceName, p.BackOffFrom, p.BackOffTo, p.RetryFor, p.ReceiptWithin, p.Sweep)
	if h.simulator == nil {
		fmt.Fprintf(w, "  Digital Post %s (%s)\n", h.config.DigitalPost.URL, h.house.Environment)
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

// furnish makes the demo organization with a user and a key, and returns the user's new code if there is one.
func (h *home) furnish(ctx context.Context) (string, error) {
	code, err := h.house.Found(ctx, house.Demo, func(key string) error { return h.home.WriteSecret("key", []byte(key+"\n")) })
	if !errors.Is(err, house.ErrFounded) {
		return code, err
	}
	if h.config.NewCode {
		return h.house.Gate().NewCode(ctx, post.Caller{Org: house.Demo.ID, Name: house.Demo.User})
	}
	return "", nil
}
