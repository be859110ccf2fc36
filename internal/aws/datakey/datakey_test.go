package datakey_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"

	"brevdue/internal/aws/awstest"
	"brevdue/internal/aws/datakey"
	"brevdue/internal/post/posttest"
	"brevdue/internal/seal"
)

func TestDataKeys(t *testing.T) {
	c, table := awstest.Config(t), awstest.Name("keys")
	master := datakey.New(c, table)
	if _, _, err := master.NewKey(t.Context(), "demo"); err == nil {
		t.Error("a key of an installation that is not there")
	}
	made, err := kms.NewFromConfig(c).CreateKey(t.Context(), &kms.CreateKeyInput{})
	posttest.Check(t, err)
	_, err = kms.NewFromConfig(c).CreateAlias(t.Context(), &kms.CreateAliasInput{
		AliasName: aws.String("alias/" + table), TargetKeyId: made.KeyMetadata.KeyId,
	})
	posttest.Check(t, err)
	key, wrapped, err := master.NewKey(t.Context(), "demo")
	posttest.Check(t, err)
	again, err := master.Unwrap(t.Context(), "demo", wrapped)
	posttest.Check(t, err)
	if len(key) != 32 || !bytes.Equal(key, again) {
		t.Errorf("a key of %d bytes, unwrapped as another: %v", len(key), !bytes.Equal(key, again))
	}
	if bytes.Contains(wrapped, key) {
		t.Error("the wrapped key shows the key")
	}
	if _, err := master.Unwrap(t.Context(), "vestoby", wrapped); !errors.Is(err, seal.ErrWrongKey) {
		t.Errorf("another organization's key: %v", err)
	}
	if _, err := master.Unwrap(t.Context(), "demo", wrapped[:len(wrapped)-1]); err == nil {
		t.Error("half a wrapped key opens")
	}
}
