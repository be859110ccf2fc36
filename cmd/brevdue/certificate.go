package main

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"strings"

	"software.sslmate.com/src/go-pkcs12"
)

var errCertificateCode = errors.New("filen med certifikatet er PKCS#12 og skal bruge en kode: " +
	"giv en fil med den i --certificate-code")

// certificateFiles are where a certificate for Digital Post lies: PEM with its key beside it, or both in PKCS#12 as
// MitID Erhverv gives them out, with a file that holds the code.
type certificateFiles struct {
	Certificate, Key, Code string
}

// asn1Sequence is what PKCS#12 begins with, and no PEM.
const asn1Sequence = 0x30

// read returns certificate and key as PEM, each "" where there is none.
func (f certificateFiles) read() (certificate, key string, err error) {
	if f.Certificate == "" {
		return "", "", nil
	}
	content, err := os.ReadFile(f.Certificate)
	if err != nil {
		return "", "", err
	}
	if len(content) == 0 || content[0] != asn1Sequence || bytes.Contains(content, []byte("-----BEGIN")) {
		if f.Key == "" { // in one file
			return string(content), string(content), nil
		}
		k, err := os.ReadFile(f.Key)
		return string(content), string(k), err
	}
	if f.Code == "" {
		return "", "", errCertificateCode
	}
	code, err := os.ReadFile(f.Code)
	if err != nil {
		return "", "", err
	}
	return unpack(content, strings.TrimRight(string(code), "\r\n"))
}

// unpack reads PKCS#12. Its error never holds the code.
func unpack(content []byte, code string) (certificate, key string, err error) {
	private, leaf, chain, err := pkcs12.DecodeChain(content, code)
	if errors.Is(err, pkcs12.ErrIncorrectPassword) {
		return "", "", errors.New("koden passer ikke til certifikatet")
	}
	if err != nil {
		return "", "", fmt.Errorf("filen er hverken PEM eller PKCS#12: %w", err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return "", "", err
	}
	var all bytes.Buffer
	for _, c := range append([]*x509.Certificate{leaf}, chain...) {
		if err := pem.Encode(&all, &pem.Block{Type: "CERTIFICATE", Bytes: c.Raw}); err != nil {
			return "", "", err
		}
	}
	return all.String(), string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})), nil
}

// pair returns the certificate with its key; nil where there is none.
func (f certificateFiles) pair() (*tls.Certificate, error) {
	certificate, key, err := f.read()
	if err != nil || certificate == "" {
		return nil, err
	}
	pair, err := tls.X509KeyPair([]byte(certificate), []byte(key))
	if err != nil {
		// The cause may quote the key.
		return nil, errors.New("certifikatet og nøglen hører ikke sammen, eller er ikke PEM")
	}
	return &pair, nil
}
