package mail

import (
	"bufio"
	"context"
	"net"
	"strings"
	"testing"
)

// server speaks enough SMTP to take one mail.
func server(t *testing.T) (address string, got chan string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	got = make(chan string, 1)
	go func() {
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		say := func(line string) { _, _ = c.Write([]byte(line + "\r\n")) }
		say("220 here")
		var mail strings.Builder
		in := bufio.NewScanner(c)
		for in.Scan() {
			mail.WriteString(in.Text() + "\n")
			switch verb, _, _ := strings.Cut(in.Text(), " "); strings.ToUpper(verb) {
			case "EHLO":
				say("250-here\r\n250 8BITMIME")
			case "DATA":
				say("354 go on")
				for in.Scan() && in.Text() != "." {
					mail.WriteString(in.Text() + "\n")
				}
				got <- mail.String()
				say("250 taken")
			case "QUIT":
				say("221 bye")
				return
			default:
				say("250 ok")
			}
		}
	}()
	t.Cleanup(func() { _ = l.Close() })
	return "smtp://" + l.Addr().String(), got
}

func TestAMailArrives(t *testing.T) {
	address, got := server(t)
	s, err := New(address, "brevdue@kommune.dk")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Send(context.Background(), "017", "eva@kommune.dk", "Brevdue: Breve venter på dig",
		"Se Ubehandlet"); err != nil {
		t.Fatal(err)
	}
	mail := <-got
	for _, want := range []string{"RCPT TO:<eva@kommune.dk>", "MAIL FROM:<brevdue@kommune.dk>",
		"Message-ID: <017@brevdue>", "Se Ubehandlet", "=?UTF-8?"} {
		if !strings.Contains(mail, want) {
			t.Errorf("the mail lacks %q:\n%s", want, mail)
		}
	}
}

func TestAddresses(t *testing.T) {
	for address, fine := range map[string]bool{"smtp://mail.kommune.dk": true,
		"smtps://u:hemmelig@mail.kommune.dk": true, "smtp+starttls://u:hemmelig@mail.kommune.dk:2587": true,
		"smtp://u:hemmelig@mail.kommune.dk": false, "http://u:hemmelig@x": false, "mail.kommune.dk": false,
		"smtp://": false} {
		if _, err := New(address, "brevdue@kommune.dk"); (err == nil) != fine ||
			err != nil && strings.Contains(err.Error(), "hemmelig") {
			t.Errorf("%s: %v", address, err)
		}
	}
	if _, err := New("smtp://mail.kommune.dk", "ingen"); err == nil {
		t.Error("a sender that is no address")
	}
}
