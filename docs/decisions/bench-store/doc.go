// Package benchstore measures two pure-Go embedded stores, bbolt and SQLite
// (modernc.org/sqlite), on the one access pattern of a letter-sending service.
//
// A store holds items keyed by (partition, sort), each with a revision number
// and a JSON body of about 900 bytes, and a queue of small messages. A change
// reads 10 letters, checks their revisions, writes all 10 back with the next
// revision, adds 10 to one of 16 counter items, puts 10 messages of about 80
// bytes at the back of the queue and takes 10 from its front, in one
// transaction. A partition holds 100 letters.
//
// 16 callers submit changes at the same time. For both stores one writer takes
// every change that is waiting, up to 64, runs them in one transaction, commits
// once and answers them all. A change is answered only when it is synced to disk.
//
// What it does not measure: a store much larger than memory, readers at work
// during writes, recovery after a crash, or JSON encoding. Memory figures are
// for the whole process, so run one sub-benchmark per process to compare them.
//
//	go test -bench . -benchtime 2s -count 3
package benchstore
