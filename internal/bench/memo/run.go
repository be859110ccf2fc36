package main

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"brevdue/internal/memo"
)

// encoded is base64 of a file of some bytes.
type encoded struct {
	left  int64
	chunk []byte
}

func (e *encoded) Read(p []byte) (int, error) {
	if e.left == 0 {
		return 0, io.EOF
	}
	n := copy(p[:min(int64(len(p)), e.left)], e.chunk)
	e.left -= int64(n)
	return n, nil
}

func run() error {
	fmt.Println("message       write MB/s (of base64)     read MB/s (of base64)")
	for _, size := range []int64{1 << 10, 1 << 20, 70_000_000} {
		if err := line(size); err != nil {
			return err
		}
	}
	printPeak("peak memory of all of it")
	all, err := letters("testdata/flettebrev.pdf")
	if err != nil {
		return err
	}
	if err := errors.Join(dictionaries(all), sent(all)); err != nil {
		return err
	}
	printPeak("peak memory, with the letters themselves")
	return nil
}

// printPeak prints the most memory that this process has had.
func printPeak(what string) {
	status, _ := os.ReadFile("/proc/self/status") // where there is none, nothing is said
	for _, l := range strings.Split(string(status), "\n") {
		if rest, ok := strings.CutPrefix(l, "VmHWM:"); ok {
			fmt.Println(what+":", strings.TrimSpace(rest))
		}
	}
}

// line measures one size.
func line(size int64) error {
	buf := make([]byte, 64<<10)
	copyTo := func(r io.Reader) error {
		_, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, struct{ io.Reader }{r}, buf)
		return err
	}
	write, err1 := perSecond(size, func() error { return copyTo(message(size).Reader()) })
	plainWrite, err2 := perSecond(size, func() error {
		e := base64.NewEncoder(base64.StdEncoding, io.Discard)
		_, err := io.CopyBuffer(e, &source{size}, buf)
		return errors.Join(err, e.Close())
	})
	head, tail, _ := bytes.Cut(message(size).Skeleton(), []byte("sha256:"))
	chunk := bytes.Repeat([]byte("A"), 64<<10)
	content := func() io.Reader { return &encoded{memo.EncodedLength(size), chunk} }
	read, err3 := perSecond(size, func() error {
		_, err := memo.Read(io.MultiReader(bytes.NewReader(head), content(), bytes.NewReader(tail)))
		return err
	})
	plainRead, err4 := perSecond(size, func() error {
		return copyTo(base64.NewDecoder(base64.StdEncoding, content()))
	})
	fmt.Printf("%8d KB  %8.0f (%4.2f of %5.0f)   %8.0f (%4.2f of %5.0f)\n", size>>10, write, write/plainWrite,
		plainWrite, read, read/plainRead, plainRead)
	return errors.Join(err1, err2, err3, err4)
}
