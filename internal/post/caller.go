package post

// Caller is who does something: a person, or a program with an API key. auth fills in what they may do.
type Caller struct {
	Org    string    `json:"org"`
	Name   string    `json:"name"`
	Kind   ActorKind `json:"-"` // how they came in
	Unit   string    `json:"-"` // of what they make, where they say nothing else
	Person string    `json:"-"` // the user that it is, or whose key it is; "" for a program of nobody
	Grants Grants    `json:"-"`
}

// Owner is whose what they make is.
func (c Caller) Owner() string {
	switch {
	case c.Person != "":
		return c.Person
	case c.Kind == ByKey:
		return KeyOwner(c.Name)
	}
	return c.Name
}

// May reports whether somebody may do something at all, for whatever area.
func (c Caller) May(r Right) bool { return c.Grants.May(r) }

// Sight is what they see.
func (c Caller) Sight() Sight { return Sight{Owner: c.Owner(), Grants: c.Grants} }

// Account is what somebody comes in by: a person by the hash of a code, a program by that of its key.
type Account struct {
	Caller
	Hash string
}
