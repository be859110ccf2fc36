package portal

import (
	"fmt"
	"slices"

	"brevdue/internal/post"
)

// unhandledRows are the rows that wait in Ubehandlet, up to rowsListed of them.
type unhandledRows struct {
	all  []*post.Failure
	more bool
}

// Limits of what is looked at for each page.
const (
	rowsListed = 200
	mostShown  = 99 // in the menu
)

// unhandled reads what waits, once for each page.
func (p *Portal) unhandled(v *visit) (*unhandledRows, error) {
	if v.rows == nil {
		if !v.who.May(post.RightUnhandled) {
			v.rows = &unhandledRows{}
			return v.rows, nil
		}
		rows, next, err := p.Failures.List(v.Context(), v.who.Org, post.FailureFilter{Seen: v.who.Sight()}, "",
			rowsListed)
		if err != nil {
			return nil, err
		}
		v.rows = &unhandledRows{rows, next != ""}
	}
	return v.rows, nil
}

// waiting counts the rows, for the menu.
func (p *Portal) waiting(v *visit) (string, error) {
	rows, err := p.unhandled(v)
	switch {
	case err != nil:
		return "", err
	case len(rows.all) == 0:
		return "", nil
	case len(rows.all) > mostShown:
		return fmt.Sprintf("%d+", mostShown), nil
	}
	return fmt.Sprint(len(rows.all)), nil
}

// isHandled reports whether a shipment that was stopped has left Ubehandlet. Where more waits than is looked at, it
// may be there still.
func (p *Portal) isHandled(v *visit, s *post.Shipment) (bool, error) {
	if s.State != post.SplitRefused || !s.FannedOut || !v.who.Sight().Handles(s.Area) {
		// it is settled when its row is there
		return false, nil
	}
	rows, err := p.unhandled(v)
	if err != nil {
		return false, err
	}
	return !rows.more && !slices.ContainsFunc(rows.all, func(f *post.Failure) bool { return f.Shipment == s.ID }), nil
}
