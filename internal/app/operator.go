package app

import (
	"context"
	"os"
	"time"

	"brevdue/internal/aws/dynamo"
	"brevdue/internal/post"
	"brevdue/internal/sentence"
	"brevdue/internal/store"
)

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
	c := e.aws()
	t := dynamo.New(c, table)
	return store.Restorations{Store: store.New(sealed(c, t, table)), Table: t}, nil
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

// OperateTable is what an operator does with an installation on AWS, with an own access to it.
func OperateTable(ctx context.Context, table string) (post.Operator, error) {
	r, err := operator(table)
	if err != nil {
		return nil, err
	}
	return (&App{Store: r.Store, NoFolder: true}).operating(nil), r.Register(ctx)
}
