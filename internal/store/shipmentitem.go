package store

import (
	"cmp"
	"fmt"
	"time"

	"brevdue/internal/post"
)

// shipmentBody is a shipment in the table, without its counts.
type shipmentBody struct {
	ID          string             `json:"id"`
	Org         string             `json:"org"`
	Subject     string             `json:"subject"`
	Sender      senderBody         `json:"sender"`
	Rule        post.Rule          `json:"rule"`
	Given       []numberBody       `json:"given,omitempty"`
	Parts       []post.Part        `json:"parts"`
	AllowReply  bool               `json:"allowReply,omitempty"`
	Options     post.Options       `json:"options,omitzero"`
	Units       []string           `json:"units,omitempty"`
	Names       []string           `json:"names,omitempty"`
	Replaces    string             `json:"replaces,omitempty"`
	Concerns    numberBody         `json:"concerns,omitzero"`
	Case        string             `json:"case,omitempty"`
	Archives    []string           `json:"archives,omitempty"`
	CaseType    string             `json:"caseType,omitempty"`
	Review      bool               `json:"review,omitempty"`
	Repeat      bool               `json:"repeat,omitempty"`
	Environment post.Environment   `json:"environment"`
	MeMo        post.MeMoVersion   `json:"memo"`
	By          string             `json:"by"`
	Area        areaBody           `json:"area,omitzero"`
	Created     stamp              `json:"created"`
	Own         []numberBody       `json:"own,omitempty"`
	Content     string             `json:"content,omitempty"`
	RemoveCPR   bool               `json:"removeCPR,omitempty"`
	Label       string             `json:"label,omitempty"`
	Begins      string             `json:"begins,omitempty"`
	NameList    *post.Part         `json:"nameList,omitempty"`
	Edits       []editBody         `json:"edits,omitempty"`
	Outline     string             `json:"outline,omitempty"`
	GivenUp     int                `json:"givenUp,omitempty"`
	State       post.ShipmentState `json:"state"`
	Asked       *askedBody         `json:"asked,omitempty"`
	ApprovedBy  string             `json:"approvedBy,omitempty"`
	SentBy      string             `json:"sentBy,omitempty"`
	Rehearsal   *rehearsalBody     `json:"rehearsal,omitempty"`
	Unsent      bool               `json:"unsent,omitempty"`
	Sent        stamp              `json:"sent,omitempty"`
	Version     int                `json:"version,omitempty"`
	Pages       int                `json:"pages,omitempty"`
	Letters     int                `json:"letters,omitempty"`
	Findings    []findingBody      `json:"findings,omitempty"`
	Problem     *problemBody       `json:"problem,omitempty"`
	Drafted     bool               `json:"drafted,omitempty"`
	Facts       *post.Object       `json:"facts,omitempty"`
	Window      time.Duration      `json:"window,omitempty"`
	Sends       int                `json:"sends,omitempty"`
	Frozen      int                `json:"frozen,omitempty"`
	Secret      []byte             `json:"secret,omitempty"`
	Words       []post.WordsFile   `json:"words,omitempty"`
	WordsRound  int                `json:"wordsRound,omitempty"`
	Written     bool               `json:"written,omitempty"`
	Waiting     bool               `json:"waiting,omitempty"`
	SendAfter   stamp              `json:"sendAfter,omitempty"`
	Paused      bool               `json:"paused,omitempty"`
	PausedBy    string             `json:"pausedBy,omitempty"`
	Cancels     int                `json:"cancels,omitempty"`
	CancelledBy string             `json:"cancelledBy,omitempty"`
	FannedOut   bool               `json:"settled,omitempty"`
	Due         stamp              `json:"due,omitempty"`
}

// areaBody is where a word belongs.
type areaBody struct {
	Owner        string `json:"owner,omitempty"`
	Unit         string `json:"unit,omitempty"`
	DocumentType string `json:"type,omitempty"`
	KLE          string `json:"kle,omitempty"`
	Confidential bool   `json:"confidential,omitempty"`
}

// area returns where a word belongs. One of a version before belongs to whoever made it.
func (b areaBody) area(by string) post.Area {
	if b == (areaBody{}) {
		b.Owner = by
	}
	return post.Area(b)
}

type senderBody struct {
	Number numberBody `json:"number"`
	Name   string     `json:"name"`
}

func (st *Store) shipmentItem(s *post.Shipment) (*Item, error) {
	item := &Item{
		Key:      shipmentKey(s.ID),
		Revision: s.Revision + 1,
		List:     Key{"O#" + s.Org + "#S", timeSK(s.Created) + "#" + s.ID},
		Due:      dueKey(shipmentsDuePK, s.Due, s.ID),
		Org:      cmp.Or(s.Org, Installation),
	}
	return item, st.encode(item, s)
}

// shipmentBodyOf returns a shipment as it is stored, without its counts: those are items of their own. shipment is its
// inverse.
func shipmentBodyOf(s *post.Shipment) shipmentBody {
	edits := s.Edits
	if s.Drafted { // they are items of their own
		edits = nil
	}
	return shipmentBody{
		ID:      s.ID,
		Org:     s.Org,
		Subject: s.Subject,
		Sender: senderBody{numberBody{s.Sender.Number},
			s.Sender.Name},
		Rule:        s.Rule,
		Given:       numberBodies(s.TypedRecipients),
		Parts:       s.Parts,
		AllowReply:  s.AllowReply,
		Options:     s.Options,
		Units:       s.TypedUnits,
		Names:       s.TypedNames,
		Replaces:    s.Replaces,
		Concerns:    numberBody{s.Concerns},
		Case:        s.Case,
		Archives:    s.Archives,
		CaseType:    s.CaseType,
		Review:      s.Review,
		Repeat:      s.AllowRepeat,
		Environment: s.Environment,
		MeMo:        s.MeMo,
		By:          s.By,
		Area:        areaBody(s.Area),
		Created:     stampOf(s.Created),
		Own:         numberBodies(s.OwnNumbers),
		State:       s.State,
		Asked:       askedBodyOf(s.Asked),
		ApprovedBy:  s.ApprovedBy,
		SentBy:      s.SentBy,
		Rehearsal:   rehearsalBodyOf(s.Rehearsal),
		Unsent:      s.Unsent,
		Sent:        stampOf(s.SentAt),
		Version:     s.Version,
		Pages:       s.Pages,
		Letters:     s.Letters,
		Findings:    findingBodies(s.Findings),
		Problem:     problemBodyOf(s.Problem),
		FannedOut:   s.FannedOut,
		Due:         stampOf(s.Due),
		RemoveCPR:   s.RemoveCPR,
		Label:       s.Label,
		Begins:      s.FirstPageText,
		NameList:    unlessEmpty(s.NameList),
		Edits:       editBodies(edits),
		Outline:     s.Outline,
		Content:     s.Content,
		GivenUp:     s.RemovedVersions,
		Drafted:     s.Drafted,
		Facts:       unlessEmpty(s.Facts),
		Window:      s.Window,
		Sends:       s.Sends,
		Frozen:      s.Frozen,
		Secret:      []byte(s.Secret),
		Words:       s.Words.Files,
		WordsRound:  s.Words.Round,
		Written:     s.Written,
		Waiting:     s.Waiting,
		SendAfter:   stampOf(s.SendAfter),
		Paused:      s.Paused,
		PausedBy:    s.PausedBy,
		Cancels:     s.Cancels,
		CancelledBy: s.CancelledBy,
	}
}

func (st *Store) shipmentOf(item *Item) (*post.Shipment, error) {
	s := &post.Shipment{}
	if err := st.decodeWord(item, s); err != nil {
		return nil, fmt.Errorf("shipment %s: %w", item.PK, err)
	}
	if shipmentKey(s.ID) != item.Key {
		return nil, fmt.Errorf("shipment %s: %w", item.PK, errWrongItem)
	}
	s.Revision = item.Revision
	return s, nil
}

// shipment returns the shipment that was stored.
func (b *shipmentBody) shipment() *post.Shipment {
	return &post.Shipment{
		ID:      b.ID,
		Org:     b.Org,
		Subject: b.Subject,
		Sender: post.Sender{Number: b.Sender.Number.Number,
			Name: b.Sender.Name},
		Rule:            b.Rule,
		TypedRecipients: plainNumbers(b.Given),
		Parts:           b.Parts,
		AllowReply:      b.AllowReply,
		Options:         b.Options,
		TypedUnits:      b.Units,
		TypedNames:      b.Names,
		Replaces:        b.Replaces,
		Concerns:        b.Concerns.Number,
		Case:            b.Case,
		Archives:        b.Archives,
		CaseType:        b.CaseType,
		Review:          b.Review,
		AllowRepeat:     b.Repeat,
		Environment:     b.Environment,
		MeMo:            b.MeMo,
		By:              b.By,
		Area:            b.Area.area(b.By),
		Created:         b.Created.time(),
		OwnNumbers:      plainNumbers(b.Own),
		State:           b.State,
		Asked:           b.Asked.asked(),
		ApprovedBy:      b.ApprovedBy,
		SentBy:          b.SentBy,
		Rehearsal:       b.Rehearsal.rehearsal(),
		Unsent:          b.Unsent,
		SentAt:          b.Sent.time(),
		Version:         b.Version,
		Pages:           b.Pages,
		Letters:         b.Letters,
		Findings:        findingsOf(b.Findings),
		Problem:         b.Problem.problem(),
		FannedOut:       b.FannedOut,
		Due:             b.Due.time(),
		RemoveCPR:       b.RemoveCPR,
		Label:           b.Label,
		FirstPageText:   b.Begins,
		NameList:        orEmpty(b.NameList),
		Edits:           plainEdits(b.Edits),
		Outline:         b.Outline,
		Content:         b.Content,
		RemovedVersions: b.GivenUp,
		Drafted:         b.Drafted,
		Facts:           orEmpty(b.Facts),
		Window:          b.Window,
		Sends:           b.Sends,
		Frozen:          b.Frozen,
		Secret:          post.Secret(b.Secret),
		Words:           post.Words{Round: b.WordsRound, Files: b.Words},
		Written:         b.Written,
		Waiting:         b.Waiting,
		SendAfter:       b.SendAfter.time(),
		Paused:          b.Paused,
		PausedBy:        b.PausedBy,
		Cancels:         b.Cancels,
		CancelledBy:     b.CancelledBy,
	}
}
