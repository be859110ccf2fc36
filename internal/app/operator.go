package app

import (
	"context"
	"errors"
	"os"
	"time"

	"brevdue/internal/aws/dynamo"
	"brevdue/internal/post"
	"brevdue/internal/sentence"
	"brevdue/internal/store"
)

// CreatedOrganization is a new organization with what its first user and first program come in by. It is shown once.
type CreatedOrganization struct {
	Organization string `json:"organization"`
	User         string `json:"user"`
	Code         string `json:"code"`
	Key          string `json:"key"`
}

// errNoAccess means that an operator's shell has no access to AWS.
var errNoAccess = sentence.Sentence(`§["aws-access"]`)

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

// ResumeTable lets letters leave a table that was restored from a backup.
func ResumeTable(ctx context.Context, table string) error {
	r, err := operator(table)
	if err != nil {
		return err
	}
	return r.Release(ctx, time.Now())
}

// Evidence makes the signed package of a shipment, with a key that is not in the cloud: the file, made where it is
// missing.
func Evidence(ctx context.Context, table, shipment, keyFile string) ([]byte, error) {
	r, err := operator(table)
	if err != nil {
		return nil, err
	}
	fn := App{Store: r.Store}
	fn.Evidence, err = EvidenceKey(
		func() ([]byte, error) { return os.ReadFile(keyFile) },
		func(text []byte) error { return os.WriteFile(keyFile, text, 0o600) },
	)
	if err != nil {
		return nil, err
	}
	return fn.Pack(ctx, shipment)
}

// CreateOrganizationIn makes an organization in an installation's table, with the operator's own access to AWS. One
// that is there keeps what it has, and its user and programs get a new code and a new key.
func CreateOrganizationIn(ctx context.Context, table string, f NewOrganization) (CreatedOrganization, error) {
	r, err := operator(table)
	if err != nil {
		return CreatedOrganization{}, err
	}
	if err := r.Register(ctx); err != nil {
		return CreatedOrganization{}, err
	}
	fn := App{Store: r.Store}
	created := CreatedOrganization{Organization: f.ID, User: f.User}
	created.Code, err = fn.CreateOrganization(ctx, f, func(key string) error {
		created.Key = key
		return nil
	})
	if !errors.Is(err, ErrOrganizationExists) {
		return created, err
	}
	if created.Code, err = fn.Auth().NewCode(ctx, post.Caller{Org: f.ID, Name: f.User}); errors.Is(
		err,
		post.ErrExists,
	) {
		return created, sentence.Of("user-taken-named", f.User)
	}
	if err != nil {
		return created, err
	}
	created.Key, err = fn.Auth().NewKey(ctx, post.Caller{Org: f.ID, Name: "kommandolinje"})
	return created, err
}
