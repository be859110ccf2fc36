package post

// Counts are the letters of a shipment by state. Queued are those that are being sent just now as well: telling them
// apart for some seconds would cost a write of the counter for each batch.
type Counts struct {
	Created, Queued, HandedOver, Completed, Failed, Cancelled int
	Dismissed                                                 int // failed, and handled by a person in another way
	Archived, ArchiveFailed                                   int
	Unfiled                                                   int // failed before their sending had begun
	Prompt                                                    int // with Digital Post within PromptWithin
}

// Total is the number of letters that are counted.
func (c Counts) Total() int {
	return c.Created + c.Queued + c.HandedOver + c.Completed + c.Failed + c.Dismissed + c.Cancelled
}

// Open is the number of letters that have not come to an end.
func (c Counts) Open() int { return c.Created + c.Queued + c.HandedOver }

// Accepted ("afleveret") is the number of letters that Digital Post has taken: with one tick or with two.
func (c Counts) Accepted() int { return c.HandedOver + c.Completed }

// Processed ("behandlet") is the number of letters that were handed over, failed or were dismissed.
func (c Counts) Processed() int { return c.Accepted() + c.Failed + c.Dismissed }

// Add adds n letters in the state of l, as far as counting goes.
func (c *Counts) Add(l *Letter, n int) {
	switch l.State {
	case Created:
		c.Created += n
	case Queued, Sending:
		c.Queued += n
	case HandedOver:
		c.HandedOver += n
	case Completed:
		c.Completed += n
	case Failed:
		c.Failed += n
	case Dismissed:
		c.Dismissed += n
	case Cancelled:
		c.Cancelled += n
	}
	if l.Prompt() {
		c.Prompt += n
	}
	switch {
	case l.State == Cancelled: // nobody waits for it
	case l.Archiving.State == Archived:
		c.Archived += n
	case l.Archiving.State == ArchiveFailed:
		c.ArchiveFailed += n
	case l.Archiving.State == Unfiled:
		c.Unfiled += n
	}
}
