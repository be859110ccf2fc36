package syntax

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
)

// Errors that tell why a file cannot be used.
var (
	ErrNotPDF    = errors.New("not a PDF file")
	ErrEncrypted = errors.New("the PDF file is locked with a password, or in a way that is not read")
	ErrDamaged   = errors.New("the PDF file is damaged")
)

// File is the objects of an open PDF file, by their numbers (PDF 7.5). It may be read from several goroutines.
type File struct {
	data    []byte
	entries []entry // the cross-reference table by object number
	trailer Object

	lock       *lock
	lockNumber int   // object number of the encryption dictionary
	ends       []int // where "endstream" stands, once one was looked for

	work   atomic.Int64 // what reading has cost so far
	mu     sync.Mutex
	parsed parsed
}

// parsed is what was read once and is asked for again.
type parsed struct {
	streams map[int]*objectStream
	objects map[int]Object
	indexes map[*Object]map[string]int // of large dictionaries
}

// Limits of what a file may ask for, by its size (File.work).
const (
	least       = 32 << 20  // of decoded bytes, for the smallest file
	perByte     = 200       // decoded bytes per byte of the file
	decodedMost = 256 << 20 // of one stream
)

func (f *File) forget() {
	f.entries, f.trailer, f.lock = nil, Object{}, nil
	f.forgetParsed()
}

func (f *File) forgetParsed() {
	f.parsed = parsed{map[int]*objectStream{}, map[int]Object{}, map[*Object]map[string]int{}}
}

// Objects returns how many object numbers the cross-reference table has.
func (f *File) Objects() int { return len(f.entries) }

// Spend notes work, in bytes decoded or things done, and fails when a file of this size has no business with so much.
func (f *File) Spend(n int) error {
	if limit := f.workMost(); f.work.Add(int64(n)) > limit {
		return Damaged("it asks for more than %d MB of work", limit>>20)
	}
	return nil
}

func (f *File) workMost() int64 { return least + perByte*int64(len(f.data)) }

// left is how much more the file may ask for.
func (f *File) left() int64 { return max(0, f.workMost()-f.work.Load()) }

// Damaged returns an ErrDamaged that says what the damage is.
func Damaged(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{ErrDamaged}, args...)...)
}
