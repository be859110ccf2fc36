package api

import (
	"net/http"

	"brevdue/internal/post"
)

// notices are what was delivered to whom, newest first.
func (a *API) notices(c *call) (int, any, error) {
	limit, err := c.number("limit", 50, 200)
	if err != nil {
		return 0, nil, err
	}
	all, err := a.Notices.Deliveries(c.Context(), c.who.Org, limit)
	if all == nil {
		all = []*post.Delivery{}
	}
	return http.StatusOK, map[string]any{"deliveries": all}, err
}

func (a *API) resend(c *call) (int, any, error) {
	if err := a.Notices.Resend(c.Context(), c.who.Org, c.PathValue("id"), a.Now()); err != nil {
		return 0, nil, err
	}
	return http.StatusAccepted, map[string]string{"id": c.PathValue("id")}, nil
}

func (a *API) subscriptions(c *call) (int, any, error) {
	all, err := a.Notices.Subscriptions(c.Context(), c.who.Org)
	for i := range all {
		all[i].Secret = ""
	}
	if all == nil {
		all = []post.Subscription{}
	}
	return http.StatusOK, map[string]any{"subscriptions": all}, err
}

// subscribe adds a subscription. The secret that signs a hook is shown once.
func (a *API) subscribe(c *call) (int, any, error) {
	var body struct {
		Mail  string            `json:"mail"`
		Hook  string            `json:"hook"`
		Kinds []post.NoticeKind `json:"kinds"`
	}
	if err := c.read(&body); err != nil {
		return 0, nil, err
	}
	s, err := a.Organization.Subscribe(
		c.Context(),
		c.who,
		post.Subscription{Mail: body.Mail, Hook: body.Hook, Kinds: body.Kinds},
	)
	return http.StatusCreated, s, err
}

func (a *API) unsubscribe(c *call) (int, any, error) {
	return http.StatusOK, map[string]string{}, a.Organization.Unsubscribe(c.Context(), c.who, c.PathValue("id"))
}
