package post

// Caller is who does something: a person, or a program with an API key.
type Caller struct {
	Org  string    `json:"org"`
	Name string    `json:"name"`
	Kind ActorKind `json:"-"` // how they came in
}

// Account is what somebody comes in by: a person by the hash of a code, a program by that of its key.
type Account struct {
	Caller
	Hash string
}
