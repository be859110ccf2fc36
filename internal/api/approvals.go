package api

import (
	"errors"
	"net/http"
	"time"

	"brevdue/internal/auth"
	"brevdue/internal/post"
	"brevdue/internal/sentence"
)

// approvalJSON is a Send that waits for another person.
type approvalJSON struct {
	By      string    `json:"by"`
	At      time.Time `json:"at"`
	Letters int       `json:"letters"`
	Valid   bool      `json:"valid"` // the draft is as it was then
}

func approvalOf(s *post.Shipment) *approvalJSON {
	if s.State != post.InReview || s.Asked == nil {
		return nil
	}
	return &approvalJSON{s.Asked.By, s.Asked.At, s.Asked.Letters, s.WaitsForApproval() != nil}
}

// waiting answers with the shipment where what was asked for waits for another person: it is taken, and not done.
func (a *API) waiting(c *call, s *post.Shipment, err error) (int, any, error) {
	if !errors.Is(err, post.ErrNeedsApproval) {
		if err != nil {
			return 0, nil, err
		}
		return http.StatusOK, shipmentOf(s), nil
	}
	if s, err = a.Shipments.Get(c.Context(), c.who.Org, c.PathValue("id")); err != nil {
		return 0, nil, err
	}
	return http.StatusAccepted, shipmentOf(s), nil
}

func (a *API) approve(c *call) (int, any, error) {
	var in struct {
		Revision *int `json:"revision"`
	}
	if err := c.read(&in); err != nil {
		return 0, nil, err
	}
	s, err := a.Approvals.Approve(c.Context(), c.who, c.PathValue("id"), revisionOf(in.Revision))
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, shipmentOf(s), nil
}

func (a *API) decline(c *call) (int, any, error) {
	var in struct {
		Reason string `json:"reason"`
	}
	if err := c.read(&in); err != nil {
		return 0, nil, err
	}
	s, err := a.Approvals.Decline(c.Context(), c.who, c.PathValue("id"), in.Reason)
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, shipmentOf(s), nil
}

// proposalJSON is a correction that waits for another person.
type proposalJSON struct {
	ID        string    `json:"id,omitempty"`
	Letter    string    `json:"letter"` // SHIPMENT/NUMBER
	Recipient string    `json:"recipient"`
	Subject   string    `json:"subject,omitempty"`
	By        string    `json:"by"`
	At        time.Time `json:"at"`
}

func (a *API) proposals(c *call) (int, any, error) {
	all, err := a.Proposals.Proposals(c.Context(), c.who.Org, c.who.Sight())
	out := make([]proposalJSON, len(all))
	for i, p := range all {
		out[i] = proposalJSON{p.ID, letterName(p.Letter, p.Number), p.Recipient.String(), p.Subject, p.By, p.At}
	}
	return http.StatusOK, map[string]any{"proposals": out}, err
}

// chosenCorrection is the letter that a request names, where the caller has a right for it, and the proposal that the
// caller has seen.
func (a *API) chosenCorrection(c *call) (post.LetterID, string, error) {
	var in struct {
		Letter   string `json:"letter"`
		Proposal string `json:"proposal"`
	}
	if err := c.read(&in); err != nil {
		return "", "", err
	}
	f, err := a.filter(c, choiceJSON{Letter: in.Letter})
	if err != nil {
		return "", "", err
	}
	s, err := a.own(c)
	if err != nil {
		return "", "", err
	}
	return f.Letter, in.Proposal, auth.PermitAt(c.who, post.RightApprove, s.Area)
}

func (a *API) approveCorrection(c *call) (int, any, error) {
	id, seen, err := a.chosenCorrection(c)
	if err != nil {
		return 0, nil, err
	}
	err = a.CorrectionApprovals.ApproveCorrection(c.Context(), c.who, id, seen)
	return http.StatusOK, map[string]int{"sends": 1}, err
}

func (a *API) declineCorrection(c *call) (int, any, error) {
	id, seen, err := a.chosenCorrection(c)
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, map[string]string{}, a.CorrectionApprovals.DeclineCorrection(c.Context(), c.who, id, seen)
}

// settingsJSON is what an organization says of itself. Times are in seconds.
type settingsJSON struct {
	Senders      []senderJSON        `json:"senders"`
	Undo         int64               `json:"undo"`
	UndoAlways   bool                `json:"undoAlways"`
	FourEyes     int                 `json:"fourEyes"`
	Daily        int                 `json:"daily"`
	KeyDaily     int                 `json:"keyDaily"`
	HideNames    bool                `json:"hideNames"`
	CodeLength   int                 `json:"codeLength"`
	CodeAge      int64               `json:"codeAge"`
	Idle         int64               `json:"idle"`
	SecondFactor bool                `json:"secondFactor"`
	Units        []post.Unit         `json:"units"`
	Types        []post.DocumentType `json:"documentTypes"`
	Asked        *post.FourEyesAsked `json:"fourEyesAsked,omitempty"`
	SSO          *post.SingleSignOn  `json:"sso,omitempty"`
}

func settingsOf(o *post.Organization) settingsJSON {
	j := settingsJSON{
		Senders: organizationOf(o).Senders, Undo: int64(o.UndoWindow() / time.Second), UndoAlways: o.Demands,
		FourEyes: o.FourEyes, Daily: o.Daily, KeyDaily: o.KeyDaily, HideNames: o.HideNames,
		CodeLength: o.Rules.Length(),
		CodeAge:    int64(o.Rules.CodeAge / time.Second), Idle: int64(o.Rules.IdleTime() / time.Second),
		SecondFactor: o.Rules.SecondFactor, Units: o.Units, Types: o.Types, SSO: o.SSO.Shown(),
	}
	if j.Units == nil {
		j.Units = []post.Unit{}
	}
	if j.Types == nil {
		j.Types = []post.DocumentType{}
	}
	if o.FourEyesAsked.By != "" {
		j.Asked = &o.FourEyesAsked
	}
	return j
}

func (a *API) settings(c *call) (int, any, error) {
	o, err := a.Organizations.Organization(c.Context(), c.who.Org)
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, settingsOf(o), nil
}

// settingsBody is what a request changes of settings.
type settingsBody struct {
	FourEyes     *int                 `json:"fourEyes"`
	Daily        *int                 `json:"daily"`
	KeyDaily     *int                 `json:"keyDaily"`
	HideNames    *bool                `json:"hideNames"`
	CodeLength   *int                 `json:"codeLength"`
	CodeAge      *int64               `json:"codeAge"`
	Idle         *int64               `json:"idle"`
	SecondFactor *bool                `json:"secondFactor"`
	Units        *[]post.Unit         `json:"units"`
	Types        *[]post.DocumentType `json:"documentTypes"`
}

func (b settingsBody) change() post.SettingsChange {
	return post.SettingsChange{
		FourEyes: b.FourEyes, Daily: b.Daily, KeyDaily: b.KeyDaily, HideNames: b.HideNames, CodeLength: b.CodeLength,
		CodeAge: secondsOf(b.CodeAge), Idle: secondsOf(b.Idle), SecondFactor: b.SecondFactor, Units: b.Units,
		Types: b.Types,
	}
}

func (a *API) changeSettings(c *call) (int, any, error) {
	var in struct {
		settingsBody
		Names      map[string]string `json:"names"` // of senders, by CVR number
		Undo       *int64            `json:"undo"`
		UndoAlways *bool             `json:"undoAlways"`
	}
	if err := c.read(&in); err != nil {
		return 0, nil, err
	}
	change := in.change()
	change.Names, change.Undo, change.UndoAlways = in.Names, secondsOf(in.Undo), in.UndoAlways
	o, err := a.Settings.ChangeSettings(c.Context(), c.who, change)
	switch {
	case errors.Is(err, post.ErrSecondAdministrator):
		return http.StatusAccepted, settingsOf(o), nil
	case err != nil:
		return 0, nil, mistakenIn("settings", err)
	}
	return http.StatusOK, settingsOf(o), nil
}

func secondsOf(n *int64) *time.Duration {
	if n == nil {
		return nil
	}
	d := time.Duration(min(max(*n, -1), 1<<32)) * time.Second
	return &d
}

// tooMany is an answer to whoever has sent as much as they may today.
func tooMany(err error) bool {
	var s sentence.Sentence
	return errors.As(err, &s) && s == post.ErrDailyLimit
}
