package secret_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"brevdue/internal/aws/awstest"
	"brevdue/internal/aws/secret"
	"brevdue/internal/keys"
	"brevdue/internal/post/posttest"
)

func TestSecrets(t *testing.T) {
	c := awstest.Config(t)
	client := secretsmanager.NewFromConfig(c)
	create := func(text string) string {
		name := awstest.Name("secret")
		_, err := client.CreateSecret(t.Context(), &secretsmanager.CreateSecretInput{Name: &name, SecretString: &text})
		posttest.Check(t, err)
		return name
	}
	key := strings.Repeat("k", 64)
	app, own := create(`{"key":"`+key+`"}`), create(`{"systemId":"s","systemKey":"hemmelig"}`)
	cache := secret.New(c, 200*time.Millisecond, app, own)
	s, err := cache.Get(t.Context())
	posttest.Check(t, err)
	if s.SystemID != "s" || s.SystemKey != "hemmelig" {
		t.Errorf("the operator's secret is not there")
	}
	uuids, err := keys.Derive(s.Key, "message UUIDs")
	posttest.Check(t, err)
	cases, err := keys.Derive(s.Key, "archive cases")
	posttest.Check(t, err)
	if len(uuids) != 32 || bytes.Equal(uuids, cases) {
		t.Error("two purposes have one key")
	}
	_, err = client.PutSecretValue(
		t.Context(),
		&secretsmanager.PutSecretValueInput{SecretId: &own, SecretString: aws.String(`{"systemId":"ny"}`)},
	)
	posttest.Check(t, err)
	if again, err := cache.Get(t.Context()); err != nil || again.SystemID != "s" {
		t.Errorf("asked again at once: %v", err)
	}
	time.Sleep(300 * time.Millisecond)
	if again, err := cache.Get(t.Context()); err != nil || again.SystemID != "ny" {
		t.Errorf("not asked again: %v", err)
	}
	for _, text := range []string{`{"key":"kort"}`, `ikke json`, `{}`} {
		if _, err := secret.New(c, time.Minute, create(text)).Get(t.Context()); err == nil ||
			strings.Contains(err.Error(), text) {
			t.Errorf("%s: %v", text, err)
		}
	}
}
