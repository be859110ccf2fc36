// Package syntax reads PDF files as far as that does not depend on what is drawn: objects, filters, the cross-reference
// table, encryption, the page tree, optional content, actions, and content streams operator by operator. It reads
// lazily: an object is parsed when it is asked for, and the file itself is never copied.
//
// Invariant: a page that cannot be found is an error and never just missing. Time and memory are bounded by the size of
// the file, whatever it says of itself.
//
// bytes -> [syntax] -> objects, pages, content streams
//
// Sections cited as "PDF 7.5.4" are those of ISO 32000-1:2008.
package syntax
