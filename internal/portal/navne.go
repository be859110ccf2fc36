package portal

import (
	"errors"

	"brevdue/internal/post"
)

// nameIn is who a letter is for, where lists have names (practice.md D2).
func (p *Portal) nameIn(v *visit, s *post.Shipment, l *post.Letter) (string, error) {
	if v.org.HideNames {
		return "", nil
	}
	name, err := p.Names.NameOf(v.Context(), s, l)
	if errors.Is(err, post.ErrUnreadable) || errors.Is(err, post.ErrNotFound) || errors.Is(err, post.ErrDamaged) {
		return "", nil // the letter is there all the same
	}
	return name, err
}

// How many shipments, and letters to recipient lists, are read for the names in one page of Ubehandlet.
const (
	namedShipments = 60
	namedLetters   = 60
)

// letterOfRow is the letter of a row, as far as its name needs it: whom it is for matters to a recipient list alone.
func (p *Portal) letterOfRow(v *visit, s *post.Shipment, row *causeRow) (*post.Letter, error) {
	if len(s.TypedNames) > 0 {
		one, err := p.Lists.Page(v.Context(), s, row.number, 1)
		if err != nil {
			return nil, err
		}
		if len(one) == 1 {
			return one[0], nil
		}
	}
	return &post.Letter{ID: row.letter, Number: row.number}, nil
}

// addNames puts names beside the numbers of rows about letters.
func (p *Portal) addNames(v *visit, u *ubehandletPage) error {
	known, listed := map[string]*post.Shipment{}, 0
	for _, c := range u.Causes {
		for i := range c.Rows {
			row := &c.Rows[i]
			s, read := known[row.letter.Shipment()]
			if row.letter == "" || v.org.HideNames || !read && len(known) == namedShipments {
				continue
			}
			if !read {
				var err error
				if s, err = p.Shipments.Get(v.Context(), v.who.Org, row.letter.Shipment()); err != nil {
					s = nil // the row is there all the same
				}
				known[row.letter.Shipment()] = s
			}
			if s == nil {
				continue
			}
			if len(s.TypedNames) > 0 {
				if listed++; listed > namedLetters {
					continue
				}
			}
			l, err := p.letterOfRow(v, s, row)
			if err == nil {
				row.Name, err = p.nameIn(v, s, l)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}
