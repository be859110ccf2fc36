package stories

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"software.sslmate.com/src/go-pkcs12"
)

// authority issues certificates for a test.
type authority struct {
	t    *testing.T
	dir  string
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority(t *testing.T, dir string) *authority {
	a := &authority{t: t, dir: dir}
	a.cert, a.key = a.issue(&x509.Certificate{
		Subject: pkix.Name{CommonName: "Udsteder"}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign,
	})
	a.write("ca.pem", "CERTIFICATE", a.cert.Raw)
	return a
}

func (a *authority) must(err error) {
	a.t.Helper()
	if err != nil {
		a.t.Fatal(err)
	}
}

// issue makes a certificate, the authority's own as its first.
func (a *authority) issue(c *x509.Certificate) (*x509.Certificate, *ecdsa.PrivateKey) {
	a.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	a.must(err)
	c.SerialNumber, c.NotBefore = big.NewInt(time.Now().UnixNano()), time.Now().Add(-time.Hour)
	if c.NotAfter.IsZero() {
		c.NotAfter = time.Now().Add(365 * 24 * time.Hour)
	}
	parent, signer := a.cert, a.key
	if parent == nil {
		parent, signer = c, key
	}
	der, err := x509.CreateCertificate(rand.Reader, c, parent, &key.PublicKey, signer)
	a.must(err)
	made, err := x509.ParseCertificate(der)
	a.must(err)
	return made, key
}

func (a *authority) write(name, kind string, der []byte) string {
	a.t.Helper()
	path := filepath.Join(a.dir, name)
	a.must(os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600))
	return path
}

// server writes a certificate for 127.0.0.1 and its key.
func (a *authority) server() (cert, key string) {
	c, k := a.issue(&x509.Certificate{IPAddresses: []net.IP{net.ParseIP("127.0.0.1")},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}})
	der, err := x509.MarshalPKCS8PrivateKey(k)
	a.must(err)
	return a.write("server.pem", "CERTIFICATE", c.Raw), a.write("server.key", "PRIVATE KEY", der)
}

// client writes a client's certificate as PKCS#12, and the file with its code.
func (a *authority) client(ends time.Time) (file, code string) {
	c, k := a.issue(&x509.Certificate{Subject: pkix.Name{CommonName: "Nordøby Kommune"}, NotAfter: ends,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}})
	packed, err := pkcs12.Modern.Encode(k, c, []*x509.Certificate{a.cert}, "hemmelig")
	a.must(err)
	file, code = filepath.Join(a.dir, "client.p12"), filepath.Join(a.dir, "code")
	a.must(os.WriteFile(file, packed, 0o600))
	a.must(os.WriteFile(code, []byte("hemmelig\n"), 0o600))
	return file, code
}

// TestCheckWithMutualTLS: what the first connection with a real certificate needs is a matter of flags, and brevdue
// check says what is wrong with it, and what to do. A letter goes the same way.
func TestCheckWithMutualTLS(t *testing.T) {
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	a := newAuthority(t, dir)
	cert, key := a.server()
	client, code := a.client(time.Time{})
	mine := []string{"--certificate", client, "--certificate-code", code, "--system-id", "sys", "--system-key"}
	t.Setenv("SSL_CERT_FILE", filepath.Join(dir, "ca.pem"))
	at := freeAddr(t)
	simulator := exec.Command(path, "simulator", "--addr", at, "--data", filepath.Join(dir, "digital-post"),
		"--tls-cert", cert, "--tls-key", key, "--client-ca", filepath.Join(dir, "ca.pem"), "--system", "sys:q8z7")
	a.must(simulator.Start())
	defer func() { _ = simulator.Process.Kill() }()
	for n, c := range []struct {
		flags  []string
		exit   int
		states map[string]string
		says   string
	}{
		{slices.Concat(mine, []string{"q8z7"}), 0, map[string]string{
			"address": "ok", "certificate": "ok", "system": "ok", "clock": "ok", "receipts": "ok",
			"mailbox": "ok", "look-up": "ok", "archive": "ok", "mail": "warning",
		}, "Certifikatet gælder til"},
		{slices.Concat(mine, []string{"forkert"}), 3, map[string]string{"address": "ok", "receipts": "wrong"},
			"Se efter system-id og nøgle"},
		{[]string{"--system-id", "sys", "--system-key", "q8z7"}, 3,
			map[string]string{"address": "wrong", "certificate": "warning"}, "kan ikke nås"},
	} {
		s := &server{
			data: filepath.Join(dir, "data"+string(rune('0'+n))),
			log:  filepath.Join(dir, "log"),
			addr: freeAddr(t),
		}
		a.must(s.start(append(c.flags, "--digital-post", "https://"+at+"/apis/v1", "--environment", "simulator",
			"--pace", "demo")...))
		run := func(args ...string) (string, int) {
			cmd := exec.Command(path, append(args, "--server", "http://"+s.addr, "--data", s.data)...)
			out, _ := cmd.Output() // the exit code says it
			return string(out), cmd.ProcessState.ExitCode()
		}
		out, exit := run("check", "--json")
		var is struct {
			Lines []struct{ Part, State, Text, Do string }
		}
		if err := json.Unmarshal([]byte(out), &is); err != nil || exit != c.exit || !strings.Contains(out, c.says) {
			t.Errorf("%v: exit %d, %v: %s", c.flags, exit, err, out)
		}
		for _, l := range is.Lines {
			if want := c.states[l.Part]; want != "" && want != l.State || l.State == "wrong" && l.Do == "" {
				t.Errorf("%v: %+v", c.flags, l)
			}
		}
		if n == 0 {
			file := filepath.Join(dir, "breve.pdf")
			a.must(os.WriteFile(file, manyLetters(3, "mTLS"), 0o600))
			out, exit := run("upload", file, "--subject", "Med certifikat", "--wait", "--json")
			if exit != 0 || !strings.Contains(out, `"completed":3`) {
				t.Errorf("letters: %d %s", exit, out)
			}
		}
		a.must(s.stop())
	}
	if log, err := os.ReadFile(filepath.Join(dir, "log")); err != nil || bytes.Contains(log, []byte("q8z7")) {
		t.Errorf("the log has the key: %v", err)
	}
}
