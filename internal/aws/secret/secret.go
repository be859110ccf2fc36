// Package secret reads the installation's secrets from Secrets Manager.
//
// Invariant: a secret is asked for when it is first needed, kept for a while, and never logged.
//
// name -> [secret] -> Secrets
package secret

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
)

// Secrets are what infra/template.yaml lays down. They are not in the table: one restored from a backup must make the
// same message UUIDs again (data.md).
type Secrets struct {
	Key            string `json:"key"` // of the program: what needs a key of its own derives it from this one
	SystemID       string `json:"systemId,omitempty"`
	SystemKey      string `json:"systemKey,omitempty"`
	Certificate    string `json:"certificate,omitempty"` // PEM, with its chain
	CertificateKey string `json:"certificateKey,omitempty"`
	PushToken      string `json:"pushToken,omitempty"`
	SMTP           string `json:"smtp,omitempty"` // address of the mail server for notices, with its password
	MailFrom       string `json:"mailFrom,omitempty"`
}

// Cache keeps secrets between the calls of one function.
type Cache struct {
	client *secretsmanager.Client
	names  []string
	keep   time.Duration

	mu    sync.Mutex
	cache *Secrets
	until time.Time
}

// New returns a cache of the secrets with these names; what a later one says counts.
func New(c aws.Config, keep time.Duration, names ...string) *Cache {
	return &Cache{client: secretsmanager.NewFromConfig(c), names: names, keep: keep}
}

// Get returns the secrets.
func (c *Cache) Get(ctx context.Context) (*Secrets, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.cache != nil && time.Now().Before(c.until) {
		return c.cache, nil
	}
	s := &Secrets{}
	for _, name := range c.names {
		out, err := c.client.GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{SecretId: &name})
		if err != nil {
			return nil, fmt.Errorf("secret: %w", err)
		}
		key := s.Key
		err = json.Unmarshal([]byte(aws.ToString(out.SecretString)), s)
		if key != "" { // nobody replaces the program's own
			s.Key = key
		}
		if err != nil {
			return nil, fmt.Errorf(
				"secret: it is not the JSON that infra/template.yaml describes",
			) // the cause would quote it
		}
	}
	if len(s.Key) < 32 {
		return nil, fmt.Errorf("secret: the house's key is missing or short")
	}
	c.cache, c.until = s, time.Now().Add(c.keep)
	return s, nil
}
