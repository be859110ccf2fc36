// Package cut copies PDF pages into documents of their own, with what belongs to them of form fields, tags, bookmarks
// and links.
//
// Invariant: a cut document carries nothing which its pages do not use, and nothing that tells of the whole file.
//
// pages, Redaction -> [cut] -> a PDF of these pages
//
// Sections cited as "PDF 7.5.4" are those of ISO 32000-1:2008.
package cut
