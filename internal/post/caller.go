package post

// Caller is who does something: a person, or a program with an API key.
type Caller struct {
	Org  string    `json:"org"`
	Name string    `json:"name"`
	Kind ActorKind `json:"-"` // how they came in
}
