package upload

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"brevdue/internal/ident"
	"brevdue/internal/post"
	"brevdue/internal/sentence"
	"brevdue/internal/sheet"
)

// recipientColumns are what the head of a list may call its columns.
var recipientColumns = map[string]string{
	"nummer": "number", "cpr": "number", "cpr-nr": "number", "cpr-nr.": "number", "cpr-nummer": "number",
	"cvr": "number", "cvr-nr": "number", "cvr-nr.": "number", "cvr-nummer": "number", "modtager": "number",
	"cpr/cvr": "number", "number": "number",
	"p": "unit", "p-nr": "unit", "p-nr.": "unit", "p-nummer": "unit", "p-enhed": "unit", "unit": "unit",
	"navn": "name", "name": "name", "fulde navn": "name",
}

// ImportRecipients implements post.RecipientListCommands.
func (c *Commands) ImportRecipients(ctx context.Context, who post.Caller, in post.RecipientImport) (
	*post.ImportedRecipients, error) {
	rows, err := sheet.Read(in.Rows)
	if err != nil {
		return nil, err
	}
	list, err := c.listFor(ctx, who, in)
	if err != nil {
		return nil, err
	}
	good, read := readRecipients(rows)
	read.List, read.Added = list, len(good)
	switch {
	case len(good) == 0 && len(read.Bad) == 0:
		return nil, sentence.Of("recipients-empty")
	case len(good) == 0:
		return read, nil
	}
	if in.Replace {
		list.Recipients = nil
	}
	for _, r := range good {
		list.Add(r)
	}
	if len(list.Recipients) > post.RecipientListMost {
		return nil, sentence.Of("recipients-most", post.RecipientListMost)
	}
	if list.ID == "" {
		list.ID = c.NewID()
	}
	list.By, list.Changed, list.Count = who.Name, c.Now(), len(list.Recipients)
	if err := c.Audit.Record(ctx, who.Did(post.ActRecipients, "", "", list.Name)); err != nil {
		return nil, err
	}
	return read, c.RecipientLists.PutRecipientList(ctx, list)
}

// listFor is the list that rows come to: a new one, or one that the caller may change.
func (c *Commands) listFor(ctx context.Context, who post.Caller, in post.RecipientImport) (*post.RecipientList, error) {
	if in.List != "" {
		return c.openedList(ctx, who, in.List)
	}
	organization, err := c.Organizations.Organization(ctx, who.Org)
	if err != nil {
		return nil, err
	}
	var wrong post.Mistakes
	wrong.Check("name", post.CheckFullText(`§["place-list-name"]`, in.Name, post.RecipientNameLimit))
	if ident.ContainsCPR(in.Name) {
		wrong.Say("name", sentence.Of("list-name-with-number"))
	}
	area := areaOf(organization, who, post.Order{Unit: in.Unit}, &wrong)
	all, err := c.RecipientLists.RecipientLists(ctx, who.Org, post.Everything())
	if err != nil {
		return nil, err
	}
	if len(all) >= post.RecipientListsMost {
		wrong.Say("name", sentence.Of("lists-most", post.RecipientListsMost))
	}
	if slices.ContainsFunc(all, func(l post.RecipientList) bool {
		return strings.EqualFold(l.Name, strings.TrimSpace(in.Name)) && who.Sight().Opens(l.Area)
	}) {
		wrong.Say("name", sentence.Of("list-there"))
	}
	if len(wrong) > 0 {
		return nil, wrong
	}
	return &post.RecipientList{Org: who.Org, Name: strings.TrimSpace(in.Name), Area: area}, nil
}

// openedList is a list that the caller may write to.
func (c *Commands) openedList(ctx context.Context, who post.Caller, id string) (*post.RecipientList, error) {
	l, err := c.RecipientLists.RecipientList(ctx, who.Org, id)
	if err == nil && !(who.Sight().Opens(l.Area) && who.Grants.MayAt(post.RightWrite, l.Area)) {
		err = fmt.Errorf("recipient list %s: %w", id, post.ErrNotFound)
	}
	return l, err
}

// takeList adds the recipients of the list that an order names to those that were typed, and says what the list calls
// them, by number.
func (c *Commands) takeList(ctx context.Context, who post.Caller, o *post.Order) (
	names map[string]string, wrong post.Mistakes, err error) {
	if o.List == "" {
		return nil, nil, nil
	}
	l, err := c.openedList(ctx, who, o.List)
	switch {
	case errors.Is(err, post.ErrNotFound), err == nil && len(l.Recipients) == 0:
		wrong.Say("recipients", sentence.Of("list-unknown"))
		return nil, wrong, nil
	case err != nil:
		return nil, nil, err
	}
	names = map[string]string{}
	for _, r := range l.Recipients {
		o.Recipients = append(o.Recipients, r.Typed())
		names[r.Number.Key()] = cmp.Or(names[r.Number.Key()], r.Name)
	}
	return names, nil, nil
}

// namesOf are the names of numbers; nil where none has one.
func namesOf(numbers []ident.Number, names map[string]string) []string {
	all, any := make([]string, len(numbers)), false
	for i, n := range numbers {
		all[i] = names[n.Key()]
		any = any || all[i] != ""
	}
	if !any {
		return nil
	}
	return all
}

// Recipients implements post.RecipientListCommands.
func (c *Commands) Recipients(ctx context.Context, who post.Caller, id string) (*post.RecipientList, error) {
	l, err := c.openedList(ctx, who, id)
	if err != nil {
		return nil, err
	}
	return l, c.Audit.Record(ctx, who.Did(post.ActSee, "", "", l.Name))
}

// RemoveRecipients implements post.RecipientListCommands.
func (c *Commands) RemoveRecipients(ctx context.Context, who post.Caller, id string) error {
	l, err := c.openedList(ctx, who, id)
	if err != nil {
		return err
	}
	if err := c.Audit.Record(ctx, who.Did(post.ActRecipients, "", "", "fjernet: "+l.Name)); err != nil {
		return err
	}
	return c.RecipientLists.RemoveRecipientList(ctx, who.Org, id)
}

// readRecipients parts rows into recipients and others. A first row that names its columns is a head; without one the
// number stands first, then the name.
func readRecipients(rows [][]string) (good []post.ListedRecipient, read *post.ImportedRecipients) {
	read = &post.ImportedRecipients{}
	at, first := map[string]int{"number": 0, "name": 1}, 0
	if len(rows) > 0 {
		head := map[string]int{}
		for i, cell := range rows[0] {
			if name, ok := recipientColumns[strings.ToLower(strings.TrimSpace(cell))]; ok {
				head[name] = i
			}
		}
		if _, ok := head["number"]; ok {
			at, first, read.Head = head, 1, rows[0]
		}
	}
	for i, row := range rows[first:] {
		if strings.TrimSpace(strings.Join(row, "")) == "" {
			continue
		}
		line := first + i + 1
		r, why := recipientOf(row, at, line)
		if why != "" {
			read.Bad = append(read.Bad, post.BadRecipient{Line: line, Cells: row, Why: why})
			continue
		}
		good = append(good, r)
	}
	return good, read
}

// recipientOf reads a row, or says why it is no recipient.
func recipientOf(row []string, at map[string]int, line int) (post.ListedRecipient, sentence.Sentence) {
	cell := func(name string) string {
		if i, ok := at[name]; ok && i < len(row) {
			return strings.TrimSpace(row[i])
		}
		return ""
	}
	var wrong post.Mistakes
	place := sentence.Of("place-row", line)
	typed, unit := ident.CutUnit(cell("number"))
	if own := cell("unit"); own != "" {
		var ok bool
		if unit, ok = ident.ParseUnit(own); !ok {
			wrong.Say("unit", sentence.Of("unit-wrong", place))
		}
	}
	n, err := ident.ParseAny(typed)
	switch {
	case err != nil && len(ident.Digits(typed)) == 9: // practice.md F2: nobody guesses it
		wrong.Say("number", sentence.Of("number-without-nought", place))
	case err != nil:
		wrong.SayNumber("number", place, err)
	}
	if unit != "" && !n.IsZero() && n.Kind() != ident.CVR {
		wrong.Say("unit", sentence.Of("unit-of-person-row", place))
	}
	name := cell("name")
	if name != "" {
		wrong.Check("name", post.CheckText(`§["place-name"]`, name, post.RecipientNameLimit))
	}
	if len(wrong) > 0 {
		return post.ListedRecipient{}, wrong[0].Text
	}
	return post.ListedRecipient{Number: n, Unit: unit, Name: name}, ""
}
