package app

import (
	"errors"
	"net"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/remote/digitalpost/fake"
)

// Config is the whole truth about a service on one machine.
type Config struct {
	Addr        string // to listen on
	Data        string // folder
	MasterKey   string // file; "" for one in the folder
	Hosts       []string
	TLSCert     string // files (PEM); "" for plain HTTP
	TLSKey      string
	PublicURL   string   // address of the portal behind a proxy that ends TLS; "" for none
	Proxies     []string // addresses and networks of reverse proxies that are believed
	Timings     post.Timings
	TimingsName string
	UploadLimit int64
	MassFrom    int // from so many letters of a shipment on they go in containers; 0 for never
	Senders     int // batches of letters that are sent at the same time
	NewCode     bool
	// Organization is made at the start where it is not there; the demo in an empty folder when its ID is "".
	Organization post.NewOrganization
	Version      string

	DigitalPost DigitalPost // its simulator when URL is ""
	Duplicates  fake.Duplicates
	Delay       time.Duration // of the simulator's receipts
	Mail        string        // address of the mail server for notices; "" for none
	MailFrom    string
	OpenMail    OpenMail
	OCR         string // language that Tesseract reads pictures in; "" reads none
	Clamd       string // address of clamd; "" does not scan
	Archives    string // folder in which organizations' archive folders lie; "" for none
	PushToken   string // "" turns receipt push off
	StatusPage  bool   // everybody may see how the installation works
}

// environment says which Digital Post letters go to: the simulator without an address.
func (c Config) environment() (post.Environment, error) {
	if c.DigitalPost.URL != "" {
		return c.DigitalPost.Check()
	}
	if c.DigitalPost.Environment != "" && c.DigitalPost.Environment != post.Simulator {
		return "", errors.New("without --digital-post the environment is the simulator")
	}
	return post.Simulator, nil
}

// base returns the address under which this machine reaches the service.
func base(l net.Addr) string {
	host, port, err := net.SplitHostPort(l.String())
	if ip := net.ParseIP(host); err == nil && ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, port)
}
