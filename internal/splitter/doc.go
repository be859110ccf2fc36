// Package splitter finds the CPR and CVR numbers of a document, decides where each letter begins and whom it is for,
// and cuts one PDF per letter. It is pure: bytes in, letters and findings out.
//
// Invariant: every page in is in exactly one letter out, and a letter goes only to the one number in its heading. In
// doubt nothing is sent: the letter is held back, or a person has to look, or nothing of the document is sent, with a
// reason. A number in running text starts and stops nothing.
//
// PDF -> [splitter] -> Plan, and from it one PDF per letter
package splitter
