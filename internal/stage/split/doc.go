// Package split finds the CPR and CVR numbers of a document, decides where each letter begins, and cuts one PDF per
// letter.
//
// Invariant: every page in is in exactly one letter out, and a letter goes only to the one number in its heading.
// In doubt nothing is sent: the letter is held back, or the shipment waits for a person, or it stops with a reason.
// A number in running text starts and stops nothing.
//
// uploaded document -> [split] -> letters to send
package split
