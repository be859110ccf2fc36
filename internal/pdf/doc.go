// Package pdf opens PDF files for those who neither read nor cut them otherwise: it puts together what its parts do.
// What stands in a file is read by syntax, what its pages say by text, and pages are cut out by cut.
//
// Invariant: it does nothing by itself; what holds for the parts holds here.
//
// bytes -> [pdf] -> lines per page, cut documents
package pdf
