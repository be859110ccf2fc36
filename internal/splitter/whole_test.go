package splitter

import (
	"context"
	"testing"

	"brevdue/internal/ident"
	"brevdue/internal/pdf/pdftest"
)

// TestAdviceOnADocumentForTypedRecipients: the file is looked at as a merged one is.
func TestAdviceOnADocumentForTypedRecipients(t *testing.T) {
	n, err := ident.ParseAny("0101901234")
	if err != nil {
		t.Fatal(err)
	}
	plan, err := Whole(context.Background(), pdftest.Pages([]string{"Kære alle"}).Bytes(), []ident.Number{n}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	seen := map[FindingCode]bool{}
	for _, f := range plan.Findings {
		seen[f.Code] = true
	}
	if !seen[FindingUntagged] || !seen[FindingFonts] {
		t.Errorf("found %v", plan.Findings)
	}
}
