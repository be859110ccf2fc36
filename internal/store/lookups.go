package store

import (
	"context"

	"brevdue/internal/post"
)

// lookUpBody is a look-up in the table, sealed as all that is an organization's.
type lookUpBody struct {
	Org      string                     `json:"org"`
	Shipment string                     `json:"shipment"`
	Numbers  []numberBody               `json:"numbers,omitempty"`
	Made     stamp                      `json:"made"`
	Ended    stamp                      `json:"ended,omitempty"`
	Problem  string                     `json:"problem,omitempty"`
	Asked    int                        `json:"asked,omitempty"`
	Others   map[string]post.Enrollment `json:"others,omitempty"`
}

func lookUpKey(org, shipment string) Key { return Key{"H#" + org, "LOOKUP#" + shipment} }

// PutLookUp implements post.LookUps.
func (s *Store) PutLookUp(ctx context.Context, l *post.LookUp) error {
	body := lookUpBody{l.Org, l.Shipment, numberBodies(l.Numbers), stampOf(l.Made), stampOf(l.Ended), l.Problem,
		l.Asked, l.Others}
	return s.put(ctx, lookUpKey(l.Org, l.Shipment), body, l.Made.Add(post.LookUpFor), Always)
}

// LookUp implements post.LookUps.
func (s *Store) LookUp(ctx context.Context, org, shipment string) (*post.LookUp, error) {
	var b lookUpBody
	there, err := s.get(ctx, lookUpKey(org, shipment), &b)
	if err != nil || !there {
		return nil, err
	}
	return &post.LookUp{Org: b.Org, Shipment: b.Shipment, Numbers: plainNumbers(b.Numbers), Made: b.Made.time(),
		Ended: b.Ended.time(), Problem: b.Problem, Asked: b.Asked, Others: b.Others}, nil
}
