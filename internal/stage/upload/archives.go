package upload

import (
	"slices"

	"brevdue/internal/ident"
	"brevdue/internal/post"
	"brevdue/internal/sentence"
)

// concernsOf is whom typed recipients are written to about: a guardian's letter lies in the child's case (practice.md
// E2). What is found in a document is about whom it is for.
func concernsOf(o post.Order, wrong *post.Mistakes) (n ident.Number) {
	if o.Concerns == "" {
		return n
	}
	if len(o.Recipients) == 0 {
		wrong.Say("concerns", sentence.Of("concerns-typed-only"))
		return n
	}
	n, err := ident.ParseAny(o.Concerns)
	if err != nil {
		wrong.SayNumber("concerns", sentence.Of("the-one-concerned"), err)
	}
	return n
}

// archivesOf are the archives outside Brevdue that letters are put into: those of their document type, whatever is
// chosen, and those that are chosen. It also says for which type a person has a case of its own.
func archivesOf(org *post.Organization, o post.Order, wrong *post.Mistakes) (archives []string, caseType string) {
	t, _ := org.Type(o.Type)
	for i, id := range slices.Concat(t.Archives, o.Archives) {
		switch c := org.ArchiveConnection(id); {
		case i < len(t.Archives) && (c == nil || c.Ended): // the type has had it, and no sender can mend that
		case slices.Contains(archives, id):
		case c == nil:
			wrong.Say("archives", sentence.Of("archive-unknown", id))
		case c.Ended:
			wrong.Say("archives", sentence.Of("archive-ended", c.Name))
		default:
			archives = append(archives, id)
		}
	}
	switch t.Cases {
	case post.CaseGiven:
		if o.Case == "" {
			wrong.Say("case", sentence.Of("type-needs-case", t.Name))
		}
	case post.CasePerType:
		caseType = t.ID
	}
	return archives, caseType
}
