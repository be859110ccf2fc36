package app

import (
	"crypto/tls"
	"testing"

	"brevdue/internal/post"
)

// TestAddressAndEnvironmentBelongTogether: letters that are called a test never go to people, nor the other way round.
func TestAddressAndEnvironmentBelongTogether(t *testing.T) {
	const production, test, here = "https://api.digitalpost.dk/apis/v1", "https://api.test.digitalpost.dk/apis/v1",
		"http://127.0.0.1:8090/apis/v1"
	for _, c := range []struct {
		url         string
		environment post.Environment
		want        post.Environment // "" is refused
	}{
		{production, "", post.Production}, {production, post.Production, post.Production}, {production, post.Test,
			""}, {production, post.Simulator, ""},
		{test, "", post.Test}, {test, post.Test, post.Test}, {test, post.Production, ""},
		{here, post.Simulator, post.Simulator}, {here, post.Production, ""}, {"http://api.digitalpost.dk",
			post.Production, ""},
	} {
		d := DigitalPost{URL: c.url, Environment: c.environment, Certificate: &tls.Certificate{}}
		if got, err := d.Check(); got != c.want || (err == nil) != (c.want != "") {
			t.Errorf("%s as %q: %q, %v; want %q", c.url, c.environment, got, err, c.want)
		}
	}
}
