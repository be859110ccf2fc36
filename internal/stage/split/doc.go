// Package split pins what was uploaded, has it scanned and split, stores the letters and queues what may leave. What a
// letter is and whom it is for is package splitter's.
//
// Invariant: run again it gives the same letters with the same ids; what was reviewed is what is sent.
//
// uploaded document -> [split] -> letters to send
package split
