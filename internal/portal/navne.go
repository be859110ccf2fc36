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

// namedShipments is how many shipments are read for the names in one page of Ubehandlet.
const namedShipments = 60

// addNames puts names beside the numbers of rows about letters.
func (p *Portal) addNames(v *visit, u *ubehandletPage) error {
	known := map[string]*post.Shipment{}
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
			var err error
			if row.Name, err = p.nameIn(v, s, &post.Letter{ID: row.letter, Number: row.number}); err != nil {
				return err
			}
		}
	}
	return nil
}
