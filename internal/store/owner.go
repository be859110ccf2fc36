package store

// owner is whose items a call may see. What is not the owner's is not there: each port with an organization in its
// methods asks here, and nowhere else.
type owner struct {
	org string
	any bool
}

// everybody is the owner for ports that act across organizations, and say so in their names.
var everybody = owner{any: true}

// only is the owner that is one organization. No organization owns nothing.
func only(org string) owner { return owner{org: org} }

func (o owner) owns(org string) bool { return o.any || o.org != "" && o.org == org }
