// Package text reads the text of PDF pages, in lines as they stand on the paper, and says what of it nobody sees. It
// also finds the characters in content streams that show something, and writes the content without them.
//
// Invariant: a page whose text cannot be told for sure is an error or says so (Text.Reason); it is never just a page
// without text. What was removed is proven to be gone by reading the result again.
//
// pages -> [text] -> lines, Redaction
//
// Sections cited as "PDF 7.5.4" are those of ISO 32000-1:2008.
package text
