// Package post is the words of the program: shipments, letters, recipients, receipts, failures, and the rules that
// would be true without computers. It decides what may happen to a letter; the stages make it happen, and the ports
// (ports.go) are what they need of the world.
//
// Invariants: a letter's state only moves up, and back only through Replay; its history is only added to; a message
// UUID is made before the first attempt and renewed only under the rule in message.go.
package post

import "strconv"

func itoa(n int) string { return strconv.Itoa(n) }
