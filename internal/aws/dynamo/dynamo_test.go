package dynamo_test

import (
	"testing"

	"brevdue/internal/aws/awstest"
	"brevdue/internal/aws/dynamo"
	"brevdue/internal/post/posttest"
	"brevdue/internal/store"
	"brevdue/internal/store/storetest"
)

func TestTable(t *testing.T) {
	storetest.Table(t, func(t *testing.T) store.Table { return dynamo.New(awstest.Config(t), awstest.Table(t)) })
}

func TestStore(t *testing.T) {
	posttest.Store(t, func(t *testing.T) posttest.Words {
		s := store.New(dynamo.New(awstest.Config(t), awstest.Table(t)))
		return storetest.Words(s)
	})
}
