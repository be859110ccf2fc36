package auth

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
)

// TestSecondFactor is practice D5: who has a second factor is in only with it, a code of the app works once, wrong ones
// are counted, a mailed code does not go round it, and the token that knew less ends.
func TestSecondFactor(t *testing.T) {
	g, code := newAuth(t)
	ctx, now := context.Background(), time.Now()
	g.Now = func() time.Time { return now }
	g.Ceremonies = g.Sessions.(Ceremonies)
	token, s, err := g.Login(ctx, from, "eva", code)
	posttest.Check(t, err)
	if !s.Complete() {
		t.Fatal("a second factor is asked of who has none")
	}
	secret, _, err := g.BeginTOTP(ctx, s)
	posttest.Check(t, err)
	show := func() string {
		shown, err := totp.GenerateCode(secret, now)
		posttest.Check(t, err)
		return shown
	}
	s, err = g.Session(ctx, token, true)
	posttest.Check(t, err)
	if _, err := g.ConfirmTOTP(ctx, s, "000000"); !errors.Is(err, ErrFactorWrong) {
		t.Errorf("set up without a code of it: %v", err)
	}
	on, err := g.ConfirmTOTP(ctx, s, show())
	posttest.Check(t, err)
	if _, err := g.Session(ctx, token, true); !errors.Is(err, ErrDenied) {
		t.Errorf("the token of before lets in: %v", err)
	}
	if s, err := g.Session(ctx, on, true); err != nil || !s.Complete() {
		t.Errorf("who has set it up is not in: %+v, %v", s, err)
	}
	now = now.Add(time.Minute)
	half, s, err := g.Login(ctx, from, "eva", code)
	posttest.Check(t, err)
	if s.Complete() {
		t.Fatal("the code alone lets in")
	}
	if s, err = g.Session(ctx, half, true); err != nil || s.Complete() {
		t.Errorf("half a log-in is a whole one: %+v, %v", s, err)
	}
	shown := show()
	_, err = g.ProveTOTP(ctx, s, shown[:3]+" "+shown[3:])
	posttest.Check(t, err)
	_, s, err = g.Login(ctx, from, "eva", code)
	posttest.Check(t, err)
	if _, err := g.ProveTOTP(ctx, s, shown); !errors.Is(err, errFactorUsed) {
		t.Errorf("a code works twice: %v", err)
	}
	for range Tries {
		_, err = g.ProveTOTP(ctx, s, "123456")
	}
	if _, again := g.ProveTOTP(ctx, s, show()); !errors.Is(err, ErrLocked) || !errors.Is(again, ErrLocked) {
		t.Errorf("nobody counts the wrong ones: %v, %v", err, again)
	}
	mailed, given, err := newCode()
	posttest.Check(t, err)
	posttest.Check(t, g.Changes.MailCode(ctx, "demo", "eva", post.GivenCode{Hash: given, Until: now.Add(time.Hour)}))
	if _, s, err := g.Login(ctx, from, "eva", mailed); err != nil || !s.Factor || !s.ChooseCode {
		t.Errorf("a mailed code goes round the second factor: %+v, %v", s, err)
	}
}

// TestTheOrganizationAsksForASecondFactor, or the address of the portal does, unless the organization says otherwise.
func TestTheOrganizationAsksForASecondFactor(t *testing.T) {
	for _, c := range []struct {
		rules  post.Rules
		public bool
		want   bool
	}{
		{post.Rules{}, false, false}, {post.Rules{}, true, true}, {post.Rules{SecondFactor: true}, false, true},
		{post.Rules{NoSecondFactor: true}, true, false},
	} {
		g := &Auth{Public: c.public}
		if is := g.needsFactor(&post.Organization{Rules: c.rules}); is != c.want {
			t.Errorf("%+v, public %v: %v", c.rules, c.public, is)
		}
	}
}

// box is a mail server that keeps what it gets.
type box struct {
	mails []string
	err   error
}

func (b *box) Send(_ context.Context, _, to, _, text string) error {
	if b.err == nil {
		b.mails = append(b.mails, to+"\n"+text)
	}
	return b.err
}

// TestMailedCode: who is invited gets a code, which is replaced at the log-in and works once; »Glemt koden?« mails one
// beside the old code, which works on, and says the same of who is not there.
func TestMailedCode(t *testing.T) {
	g, old := newAuth(t)
	ctx, now := context.Background(), time.Now()
	g.Now = func() time.Time { return now }
	a := administrationOf(t, g, true)
	admin := posttest.Person("demo", "admin")
	created, err := a.AddUser(
		ctx,
		admin,
		post.User{Name: "ida", Mail: "ida@nord.example", Groups: []string{post.Senders}},
	)
	if err != nil || created.Code != "" || created.InvitedUntil.IsZero() {
		// the mail is on its way; until it is there nobody has a code
		if err != nil || created.Code != "" {
			t.Fatalf("invited: %+v, %v", created, err)
		}
	}
	mail := &box{err: errors.New("connection refused")}
	_, err = a.MailCodes(ctx, mail, "https://post.example")
	posttest.Check(t, err)
	now = now.Add(2 * time.Minute)
	mail.err = nil
	_, err = a.MailCodes(ctx, mail, "https://post.example")
	posttest.Check(t, err)
	if len(mail.mails) != 1 || !strings.Contains(mail.mails[0], "https://post.example/log-ind") {
		t.Fatalf("mailed: %q", mail.mails)
	}
	code := codeIn(mail.mails[0])
	_, s, err := g.Login(ctx, from, "ida", code)
	if err != nil || !s.ChooseCode {
		t.Fatalf("with the mailed code: %+v, %v", s, err)
	}
	for _, c := range []struct {
		code, again string
		want        error
	}{{"kort", "kort", nil}, {"gule duer spiser", "gule duer spiste", ErrCodeDiffer}, {code, code, errCodeSame},
		{"password12345678", "password12345678", errCodeEasy}} {
		if err := g.ChooseCode(ctx, s, "", c.code, c.again); err == nil || c.want != nil && !errors.Is(err, c.want) {
			t.Errorf("%q is chosen: %v", c.code, err)
		}
	}
	posttest.Check(t, g.ChooseCode(ctx, s, "", "gule duer spiser havregryn", "gule duer spiser havregryn"))
	if _, _, err := g.Login(ctx, from, "ida", code); !errors.Is(err, ErrDenied) {
		t.Errorf("the mailed code works on: %v", err)
	}
	if _, s, err := g.Login(ctx, from, "ida", "gule duer spiser havregryn"); err != nil || s.ChooseCode {
		t.Errorf("with the chosen code: %+v, %v", s, err)
	}
	for _, name := range []string{"ida", "eva", "findes-ikke", ""} { // eva has no mail address
		posttest.Check(t, g.Forgotten(ctx, from, name))
	}
	_, err = a.MailCodes(ctx, mail, "https://post.example")
	posttest.Check(t, err)
	if len(mail.mails) != 2 {
		t.Fatalf("forgotten: %q", mail.mails)
	}
	posttest.Check(t, g.Forgotten(ctx, from, "ida"))
	if _, err = a.MailCodes(ctx, mail, "https://post.example"); err != nil || len(mail.mails) != 2 {
		t.Errorf("a second mail at once: %d, %v", len(mail.mails), err)
	}
	for who, works := range map[string]string{"ida": "gule duer spiser havregryn", "eva": old} {
		if _, _, err := g.Login(ctx, from, who, works); err != nil {
			t.Errorf("%s is locked out by who has a code mailed: %v", who, err)
		}
	}
	now = now.Add(post.GivenFor + time.Minute)
	if _, _, err := g.Login(ctx, from, "ida", codeIn(mail.mails[1])); !errors.Is(err, ErrDenied) {
		t.Errorf("a mailed code works for ever: %v", err)
	}
}

func codeIn(mail string) string {
	_, after, _ := strings.Cut(mail, "Kode: ")
	code, _, _ := strings.Cut(after, "\n")
	return code
}
