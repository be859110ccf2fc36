package post

import (
	"errors"
	"slices"
	"strings"
	"syscall"

	"brevdue/internal/sentence"
)

// What the machine that Brevdue runs on can run out of. It is waited out, as long as it takes: no letter fails for it,
// and nobody can solve it in Ubehandlet.
var (
	noSpace  = []syscall.Errno{syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG, syscall.EROFS}
	noFiles  = []syscall.Errno{syscall.EMFILE, syscall.ENFILE}
	noMemory = []syscall.Errno{syscall.ENOMEM, syscall.ENOBUFS}
)

// What users and operators read of such faults.
const (
	DiskFull    sentence.Sentence = `§["disk-full"]`
	FilesFull   sentence.Sentence = `§["files-full"]`
	MachineFull sentence.Sentence = `§["machine-full"]`
)

// OwnFault says what the machine has run out of; "" when an error is about something else.
func OwnFault(err error) sentence.Sentence {
	switch {
	case err == nil:
		return ""
	case isOneOf(err, noSpace):
		return DiskFull
	case isOneOf(err, noFiles):
		return FilesFull
	case isOneOf(err, noMemory):
		return MachineFull
	}
	return ""
}

// isOneOf also looks at the text: not everybody on the way wraps what they were told.
func isOneOf(err error, codes []syscall.Errno) bool {
	text := err.Error()
	return slices.ContainsFunc(codes, func(code syscall.Errno) bool {
		return errors.Is(err, code) || strings.HasSuffix(text, code.Error())
	})
}
