package cloud

import (
	"context"
	"errors"
	"os"
	"time"

	"brevdue/internal/aws/dynamo"
	"brevdue/internal/post"
	"brevdue/internal/store"
	"brevdue/internal/wire/house"
)

// Founded is a new organization with what its first user and first program come in by. It is shown once.
type Founded struct {
	Organization string `json:"organization"`
	User         string `json:"user"`
	Code         string `json:"code"`
	Key          string `json:"key"`
}

// errNoAccess means that an operator's shell has no access to AWS.
var errNoAccess = errors.New(`AWS_REGION, AWS_ACCESS_KEY_ID og AWS_SECRET_ACCESS_KEY skal være sat: eval "$(aws configure export-credentials --format env)"`)

// operator opens an installation's table with the operator's own access to AWS.
func operator(table string) (store.Restorations, error) {
	e := Environment()
	e.text("AWS_REGION")
	e.text("AWS_ACCESS_KEY_ID")
	e.text("AWS_SECRET_ACCESS_KEY")
	if e.err() != nil {
		return store.Restorations{}, errNoAccess
	}
	t := dynamo.New(e.aws(), table)
	return store.Restorations{Store: store.New(t), Table: t}, nil
}

// Resume lets letters leave a table that was restored from a backup.
func Resume(ctx context.Context, table string) error {
	r, err := operator(table)
	if err != nil {
		return err
	}
	return r.Release(ctx, time.Now())
}

// Evidence makes the signed package of a shipment, with a key that is not in the cloud: the file, made where it is missing.
func Evidence(ctx context.Context, table, shipment, keyFile string) ([]byte, error) {
	r, err := operator(table)
	if err != nil {
		return nil, err
	}
	h := house.House{Store: r.Store}
	h.Evidence, err = house.EvidenceKey(func() ([]byte, error) { return os.ReadFile(keyFile) }, func(text []byte) error { return os.WriteFile(keyFile, text, 0o600) })
	if err != nil {
		return nil, err
	}
	return h.Pack(ctx, shipment)
}

// Found makes an organization in an installation's table, with the operator's own access to AWS. One that is there
// keeps what it has, and its user and programs get a new code and a new key.
func Found(ctx context.Context, table string, f house.Founding) (Founded, error) {
	r, err := operator(table)
	if err != nil {
		return Founded{}, err
	}
	if err := r.Register(ctx); err != nil {
		return Founded{}, err
	}
	h := house.House{Store: r.Store}
	founded := Founded{Organization: f.ID, User: f.User}
	founded.Code, err = h.Found(ctx, f, func(key string) error {
		founded.Key = key
		return nil
	})
	if !errors.Is(err, house.ErrFounded) {
		return founded, err
	}
	if founded.Code, err = h.Gate().NewCode(ctx, post.Caller{Org: f.ID, Name: f.User}); err != nil {
		return founded, err
	}
	founded.Key, err = h.Gate().NewKey(ctx, post.Caller{Org: f.ID, Name: "kommandolinje"})
	return founded, err
}
