package upload

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/sentence"
	"brevdue/internal/store"
	"brevdue/internal/store/storetest"
)

// listing is what lists are made with.
func listing(t *testing.T) *Commands {
	t.Helper()
	c := orderingCommands(t)
	s := store.New(storetest.NewMemory())
	ids := "abcdefgh"
	c.RecipientLists, c.Audit = s, s.AuditLog(time.Now)
	c.NewID = func() string {
		id := strings.Repeat(ids[:1], 12)
		ids = ids[1:]
		return id
	}
	return c
}

// TestEachRowIsARecipient: rows become recipients, each once; what is none is told by its row, and a number without its
// nought is not guessed (practice.md F2).
func TestEachRowIsARecipient(t *testing.T) {
	c, eva := listing(t), posttest.Person("demo", "eva")
	for name, file := range map[string]string{
		"with a head": "Navn;CPR-nr.;P-nummer\nAnna;010190-1234;\nÆrø ApS;12345674;1000000001\nBo;101901234;\n" +
			"En;12;\n" +
			"Ida;0606901234;1000000001\n;;\nAnna Holm;0101901234;",
		"without a head": "010190-1234;Anna\n12345674 P 1000000001;Ærø ApS\n101901234;Bo\n12;En\n" +
			"0606901234 P 1000000001;Ida\n\n0101901234;Anna Holm",
	} {
		in := post.RecipientImport{Name: name, Rows: []byte(file)}
		done, err := c.ImportRecipients(context.Background(), eva, in)
		posttest.Check(t, err)
		l, bad := done.List, done.Bad
		mend := done.ToMend(func(sentence.Sentence) string { return "why" })
		if (done.Head != nil) != (mend[0][0] == "Navn") {
			t.Errorf("%s: to mend %v", name, mend)
		}
		if l.Count != 2 || l.Recipients[0].Name != "Anna Holm" || l.Recipients[0].Typed() != "0101901234" ||
			l.Recipients[1].Typed() != "12345674 P 1000000001" {
			t.Errorf("%s: %+v", name, l.Recipients)
		}
		var lines []int
		for _, b := range bad {
			lines = append(lines, b.Line)
		}
		if len(bad) != 3 || lines[2]-lines[0] != 2 || len(bad[0].Cells) < 2 {
			t.Errorf("%s: rows %v are none: %+v", name, lines, bad)
		}
	}
}

// TestRowsComeToAList: they are added, or take the place of all; nothing changes where no row is good, where the list
// is too long, or is not the caller's.
func TestRowsComeToAList(t *testing.T) {
	ctx, c, eva := context.Background(), listing(t), posttest.Person("demo", "eva")
	first, err := c.ImportRecipients(ctx, eva, post.RecipientImport{Name: "Alle", Rows: []byte("0101901234;Anna")})
	posttest.Check(t, err)
	l := first.List
	bo := post.Caller{Org: "demo", Name: "bo", Person: "bo", Kind: post.ByUser, Grants: post.GrantsOf(post.RightWrite)}
	for _, one := range []struct {
		name  string
		who   post.Caller
		in    post.RecipientImport
		fails bool
		count int
	}{
		{"one more", eva, post.RecipientImport{Rows: []byte("0606901234;Ida")}, false, 2},
		{"the same again", eva, post.RecipientImport{Rows: []byte("0606901234;Ida")}, false, 2},
		{"nothing good", eva, post.RecipientImport{Rows: []byte("12;Ida"), Replace: true}, false, 2},
		{"an empty file", eva, post.RecipientImport{}, true, 2},
		{"not theirs", bo, post.RecipientImport{Rows: []byte("0606901234;Ida")}, true, 2},
		{"all of it anew", eva, post.RecipientImport{Rows: []byte("0606901234;Ida"), Replace: true}, false, 1},
	} {
		one.in.List = l.ID
		_, err := c.ImportRecipients(ctx, one.who, one.in)
		is, err2 := c.RecipientLists.RecipientList(ctx, "demo", l.ID)
		posttest.Check(t, err2)
		if (err != nil) != one.fails || is.Count != one.count {
			t.Errorf("%s: %d recipients, %v", one.name, is.Count, err)
		}
	}
	if err := c.RemoveRecipients(ctx, bo, l.ID); !errors.Is(err, post.ErrNotFound) {
		t.Errorf("another one's list is removed: %v", err)
	}
	_, err = c.ImportRecipients(ctx, eva, post.RecipientImport{Name: "alle", Rows: []byte("0101901234;Anna")})
	var wrong post.Mistakes
	if !errors.As(err, &wrong) {
		t.Errorf("two lists of one name: %v", err)
	}
	posttest.Check(t, c.RemoveRecipients(ctx, eva, l.ID))
}
