// Package datakey wraps the keys of organizations with the installation's key in KMS (data keys).
//
// Invariant: the installation's key never leaves KMS; a data key is bound to its organization by the encryption
// context, so that KMS opens it for no other, and says in CloudTrail whose it was.
//
// organization -> [datakey] -> its key, and the same as only KMS opens it
package datakey

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"brevdue/internal/seal"
)

// Master is the master key of an installation (seal.Master). It holds the calls that it makes and not the client, for
// the same reason as dynamo.
type Master struct {
	key      string
	generate func(context.Context, *kms.GenerateDataKeyInput, ...func(*kms.Options)) (*kms.GenerateDataKeyOutput, error)
	decrypt  func(context.Context, *kms.DecryptInput, ...func(*kms.Options)) (*kms.DecryptOutput, error)
}

// New returns the master key of the installation with that table: infra/template.yaml gives both one name.
func New(c aws.Config, table string) *Master {
	client := kms.NewFromConfig(c)
	return &Master{key: "alias/" + table, generate: client.GenerateDataKey, decrypt: client.Decrypt}
}

// bound is what KMS holds a data key to.
func bound(org string) map[string]string { return map[string]string{"organization": org} }

// NewKey makes a key for an organization, and returns it once more as only KMS opens it.
func (m *Master) NewKey(ctx context.Context, org string) (key, wrapped []byte, err error) {
	out, err := m.generate(ctx, &kms.GenerateDataKeyInput{
		KeyId: &m.key, KeySpec: types.DataKeySpecAes256, EncryptionContext: bound(org),
	})
	if err != nil {
		return nil, nil, fmt.Errorf("data key: %w", err)
	}
	return out.Plaintext, out.CiphertextBlob, nil
}

// Unwrap is seal.ErrWrongKey for what another key has wrapped, or for another organization.
func (m *Master) Unwrap(ctx context.Context, org string, wrapped []byte) ([]byte, error) {
	out, err := m.decrypt(ctx, &kms.DecryptInput{
		KeyId: &m.key, CiphertextBlob: wrapped, EncryptionContext: bound(org),
	})
	var another *types.IncorrectKeyException
	var damaged *types.InvalidCiphertextException
	if errors.As(err, &another) || errors.As(err, &damaged) {
		return nil, fmt.Errorf("data key: %w: %w", seal.ErrWrongKey, err)
	}
	if err != nil {
		return nil, fmt.Errorf("data key: %w", err)
	}
	return out.Plaintext, nil
}
