package post

// Replayed counts what a replay did, or would do.
type Replayed struct {
	Sends    int `json:"sends"`    // queued again
	Asks     int `json:"asks"`     // Digital Post has them: it was asked, and nothing was posted
	Archives int `json:"archives"` // archived again
	Nothing  int `json:"nothing"`  // a person has to decide or to correct something first
}

// Add counts one letter.
func (r *Replayed) Add(what Replaying) {
	switch what {
	case ReplaySends:
		r.Sends++
	case ReplayAsks:
		r.Asks++
	case ReplayArchive:
		r.Archives++
	default:
		r.Nothing++
	}
}
