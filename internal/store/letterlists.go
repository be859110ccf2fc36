package store

import (
	"context"
	"fmt"
	"strconv"

	"brevdue/internal/post"
)

// Page implements post.LetterLists. Of a draft's letters the outline says at which page the one begins that has the
// given place.
func (s Letters) Page(ctx context.Context, sh *post.Shipment, from, limit int) ([]*post.Letter, error) {
	if !sh.Drafted {
		return s.pageOfVersion(ctx, sh.ID, sh.Version, from, limit)
	}
	first, after, err := s.placeOf(ctx, sh, max(from, 1))
	if err != nil || first < 0 {
		return nil, err
	}
	var letters []*post.Letter
	for part := first; part < sh.Partitions() && len(letters) < limit; {
		items, err := s.table.Query(ctx, letterPK(sh.ID, 0, part*hundred), "", after, limit)
		if err != nil {
			return nil, err
		}
		for _, l := range readable(ctx, s.Store, items, s.letterOf) {
			if sh.Owns(l) && len(letters) < limit {
				letters = append(letters, l)
			}
		}
		if after = ""; len(items) == limit {
			after = items[limit-1].SK
			continue
		}
		part++
	}
	return letters, nil
}

// placeOf returns the partition of the letter at a place in the list, and the sort key before it; -1 for none.
func (s Letters) placeOf(ctx context.Context, sh *post.Shipment, number int) (part int, after string, err error) {
	switch {
	case number == 1:
		return 0, "", nil
	case number > sh.Letters:
		return -1, "", nil
	case len(sh.TypedRecipients) > 0:
		return draftPart(1, number), draftSK(1, number-1), nil
	}
	firsts, err := s.firstsOf(ctx, sh)
	if err != nil || number < 1 || number > len(firsts) {
		return -1, "", err
	}
	first := firsts[number-1]
	return draftPart(first, 0), fmt.Sprintf("%06d", first), nil
}

// pageOfVersion is Page for letters that a version before this one has written: their ids say their places.
func (s Letters) pageOfVersion(
	ctx context.Context,
	shipment string,
	version, from, limit int,
) ([]*post.Letter, error) {
	var letters []*post.Letter
	for number := max(from, 1); len(letters) < limit; {
		ask := limit - len(letters)
		items, err := s.table.Query(ctx, letterPK(shipment, version, number), "", letterSK(number-1), ask)
		if err != nil {
			return nil, err
		}
		letters = append(letters, readable(ctx, s.Store, items, s.letterOf)...)
		next := (number/hundred + 1) * hundred
		if len(items) > 0 {
			last, _ := strconv.Atoi(items[len(items)-1].SK)
			if number = last + 1; len(items) == ask || number == next {
				continue
			}
		}
		return letters, nil
	}
	return letters, nil
}

// Partition implements post.LetterLists.
func (s Letters) Partition(ctx context.Context, sh *post.Shipment, part int) ([]*post.Letter, error) {
	version := sh.Version
	if sh.Drafted {
		version = 0
	}
	const page = 250
	var letters []*post.Letter
	for after := ""; ; {
		items, err := s.table.Query(ctx, letterPK(sh.ID, version, part*hundred), "", after, page)
		if err != nil {
			return nil, err
		}
		letters = append(letters, readable(ctx, s.Store, items, s.letterOf)...)
		if len(items) < page {
			return letters, nil
		}
		after = items[page-1].SK
	}
}
