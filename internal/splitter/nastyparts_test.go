package splitter

import (
	"fmt"
	"strings"

	"brevdue/internal/pdf/pdftest"
)

// changed is the letter with one object replaced.
func changed(n int, old, with string) []byte {
	f := letterFile()
	f.Replace(n, old, with)
	return f.Bytes()
}

// content is the letter with other content on its page.
func content(dict, data string) []byte {
	f := letterFile()
	f.Set(pdftest.Page+1, pdftest.Stream(dict, data))
	return f.Bytes()
}

// catalog is the letter with more in its catalog, and more objects.
func catalog(more string, objects ...string) []byte {
	f := letterFile()
	f.Replace(pdftest.Catalog, "/Pages 2 0 R", "/Pages 2 0 R"+more)
	for _, o := range objects {
		f.Add("%s", o)
	}
	return f.Bytes()
}

// annotated is the letter with an annotation on its page.
func annotated(annotation string, objects ...string) []byte {
	f := letterFile()
	f.Replace(pdftest.Page, "/Contents", "/Annots[<<"+annotation+">>]/Contents")
	for _, o := range objects {
		f.Add("%s", o)
	}
	return f.Bytes()
}

// drawn is a page whose resources and content are given.
func drawn(resources, content string, objects ...string) []byte {
	f := letterFile()
	f.Replace(pdftest.Page, "/Resources<</Font<</F1 3 0 R>>>>", "/Resources<<"+resources+">>")
	f.Set(pdftest.Page+1, pdftest.Stream("", content))
	for _, o := range objects {
		f.Add("%s", o)
	}
	return f.Bytes()
}

func shown(lines ...string) string { return pdftest.Content(lines...) }

func replaceXref(with string) []byte {
	f := letterFile()
	f.Xref = with
	return f.Bytes()
}

func trailer(more string) []byte {
	f := letterFile()
	f.Trailer = more
	return f.Bytes()
}

func deepTree(n int) []byte {
	f := letterFile()
	f.Set(pdftest.PageTree, "<</Type/Pages/Count 1/Kids[6 0 R]>>")
	for i := range n {
		f.Add("<</Type/Pages/Count 1/Kids[%d 0 R]>>", 7+i)
	}
	f.Add("<</Type/Page/Contents 5 0 R>>")
	return f.Bytes()
}

// multiplying are forms of which each draws the next ten times.
func multiplying(first, n int) []string {
	var forms []string
	for i := range n {
		forms = append(
			forms,
			pdftest.Stream(
				fmt.Sprintf("/Subtype/Form/Resources<</XObject<</X %d 0 R>>>>", first+i+1),
				strings.Repeat("/X Do ", 10),
			),
		)
	}
	return append(forms, pdftest.Stream("/Subtype/Form", "q Q"))
}

func manyNames(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "/N%d gs ", i)
	}
	return b.String()
}

// filled is a page whose number stands in an annotation.
func filled(annotation string) []byte {
	f := pdftest.Pages(append(append([]string{}, letterLines[:3]...), "", letterLines[4], letterLines[5]))
	f.Replace(
		pdftest.Page,
		"/Contents",
		"/Annots[<</Type/Annot/Rect[60 710 260 730]/AP<</N 6 0 R>>"+annotation+">>]/Contents",
	)
	f.Add(
		"%s",
		pdftest.Stream(
			"/Subtype/Form/BBox[0 0 200 20]/Resources<</Font<</F1 3 0 R>>>>",
			"BT /F1 10 Tf 2 8 Td (CPR-nr.: 010141-1234) Tj ET",
		),
	)
	return f.Bytes()
}

func objStm(dict, data string) []byte {
	f := letterFile()
	f.Add("%s", pdftest.Stream("/Type/ObjStm"+dict, data))
	f.Xref = "xref\n0 0\n"
	return f.Bytes()
}

// twoCatalogs is a file with an update that shows another page.
func twoCatalogs() []byte {
	old := letterFile().Bytes()
	content := strings.Replace(shown(letterLines...), "010141", "010142", 1)
	return append(
		old,
		fmt.Appendf(
			nil,
			"5 0 obj\n%s\nendobj\ntrailer\n<</Root 1 0 R/Size 6>>\nstartxref\n9999999\n%%%%EOF\n",
			pdftest.Stream("", content),
		)...)
}
