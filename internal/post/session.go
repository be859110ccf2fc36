package post

import "time"

// Credentials are what a user can come in by.
type Credentials struct {
	Caller
	Mail      string
	Code      string    // argon2id; "" where there is none yet
	First     bool      // it was given by somebody else: it is replaced at the log-in
	Until     time.Time // of such a code
	Chosen    time.Time // when the user chose it; zero for one of a version before
	Mailed    string    // argon2id of a code that was mailed, which works beside the other
	MailUntil time.Time
	Factors   Factors
}

// Client is where somebody comes in from.
type Client struct {
	Address string
	Agent   string // as the browser calls itself
}

// Session is somebody who has come in with a browser or at a command line.
type Session struct {
	Caller
	Client
	ID        string // hash of its token
	Made      time.Time
	Seen      time.Time // about when it was last used
	Until     time.Time
	Idle      time.Duration // it ends so long after it was used
	Elsewhere bool          // by the organization's own log-in: it ends when roles have to be asked for again
	// What is missing: nothing else than that can be done.
	ChooseCode bool   // a code of one's own
	Factor     bool   // the second factor
	Ceremony   []byte // of a second factor that was begun
}

// Login is what its user types, wherever the name stands.
func (s *Session) Login() string { return s.Name + "@" + s.Org }

// Over reports whether a session has ended.
func (s *Session) Over(now time.Time) bool {
	return now.After(s.Until) || s.Idle > 0 && now.After(s.Seen.Add(s.Idle))
}

// Complete reports whether somebody is in.
func (s *Session) Complete() bool { return !s.ChooseCode && !s.Factor }

// Rules (indstillinger) are what an organization asks of who comes in.
type Rules struct {
	CodeLength   int           // characters of a code; 0 for UsualCodeLength
	CodeAge      time.Duration // a code is replaced after so long; 0 for never
	Idle         time.Duration // a session ends so long after it was used; 0 for UsualIdle
	SecondFactor bool          // everybody needs one
	// nobody needs one, though the portal has a public address
	NoSecondFactor bool
}

// What holds where an organization has said nothing.
const (
	UsualCodeLength = 14
	UsualIdle       = time.Hour
	SessionTime     = 12 * time.Hour
)

// Factors are what a user proves beside the code.
type Factors struct {
	TOTP     string    // secret of the authenticator app, base32; "" for none
	TOTPUsed int64     // the last period that was used: a code works once
	Passkeys []Passkey // of the user's machines
}

// Any reports whether there is one.
func (f Factors) Any() bool { return f.TOTP != "" || len(f.Passkeys) > 0 }

// Passkey is a key of a machine (WebAuthn). Credential is what the library keeps of it.
type Passkey struct {
	Name       string
	Made       time.Time
	Credential []byte // JSON
}

// Length is how many characters a code has at least.
func (r Rules) Length() int {
	if r.CodeLength > 0 {
		return r.CodeLength
	}
	return UsualCodeLength
}

// IdleTime is when a session ends that is not used.
func (r Rules) IdleTime() time.Duration {
	if r.Idle > 0 {
		return r.Idle
	}
	return UsualIdle
}
