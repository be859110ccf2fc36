// Package cms signs what leaves the program as evidence, as CMS (RFC 5652), and checks it without the program.
//
// Invariant: a signature is detached, and carries its certificate: whoever knows the fingerprint needs nothing else.
//
// content, key -> [cms] -> signature · content, signature -> [cms] -> certificate
package cms

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"time"

	"github.com/smallstep/pkcs7"
)

// Key signs evidence, and nothing else.
type Key struct {
	private     *ecdsa.PrivateKey
	Certificate *x509.Certificate
}

// lifetime of a certificate that the program makes for itself.
const lifetime = 20 * 365 * 24 * time.Hour

// NewKey makes a key with a certificate of its own.
func NewKey(name string, now time.Time) (*Key, error) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	number, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: number,
		Subject:      pkix.Name{CommonName: name},
		NotBefore:    now.Add(-time.Hour),
		NotAfter:     now.Add(lifetime),
		KeyUsage:     x509.KeyUsageDigitalSignature,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		return nil, err
	}
	certificate, err := x509.ParseCertificate(der)
	return &Key{private, certificate}, err
}

// PEM returns key and certificate as text.
func (k *Key) PEM() ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(k.private)
	if err != nil {
		return nil, err
	}
	return append(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}),
		pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: k.Certificate.Raw})...), nil
}

// ParseKey reads what PEM has written, or an operator's own key (EC) and certificate.
func ParseKey(text []byte) (*Key, error) {
	k := &Key{}
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		switch block.Type {
		case "PRIVATE KEY":
			private, err := x509.ParsePKCS8PrivateKey(block.Bytes)
			if err != nil {
				return nil, fmt.Errorf("key of evidence: %w", err)
			}
			k.private, _ = private.(*ecdsa.PrivateKey)
		case "CERTIFICATE":
			certificate, err := x509.ParseCertificate(block.Bytes)
			if err != nil {
				return nil, fmt.Errorf("certificate of evidence: %w", err)
			}
			k.Certificate = certificate
		}
	}
	if k.private == nil || k.Certificate == nil {
		return nil, errors.New("key of evidence: an EC key in PKCS #8 and its certificate are needed, as PEM")
	}
	return k, nil
}

// Sign returns a detached signature.
func (k *Key) Sign(content []byte) ([]byte, error) {
	data, err := pkcs7.NewSignedData(content)
	if err != nil {
		return nil, err
	}
	data.SetDigestAlgorithm(pkcs7.OIDDigestAlgorithmSHA256)
	if err := data.AddSigner(k.Certificate, k.private, pkcs7.SignerInfoConfig{}); err != nil {
		return nil, err
	}
	data.Detach()
	return data.Finish()
}

// Verify returns the certificate that content was signed with.
func Verify(content, signature []byte) (*x509.Certificate, error) {
	p, err := pkcs7.Parse(signature)
	if err != nil {
		return nil, fmt.Errorf("signature: %w", err)
	}
	p.Content = content
	if err := p.Verify(); err != nil {
		return nil, fmt.Errorf("signature: %w", err)
	}
	signer := p.GetOnlySigner()
	if signer == nil {
		return nil, errors.New("signature: it has not exactly one signer")
	}
	return signer, nil
}

// Fingerprint names a certificate: SHA-256 of its bytes.
func Fingerprint(c *x509.Certificate) string {
	sum := sha256.Sum256(c.Raw)
	return hex.EncodeToString(sum[:])
}
