package main

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"sync"
	"time"

	"github.com/ulikunitz/xz/lzma"

	"brevdue/internal/memo"
	"brevdue/internal/post"
	"brevdue/internal/remote/digitalpost"
	"brevdue/internal/remote/digitalpost/container"
	"brevdue/internal/splitter"
)

// lettersEach is how many letters a container has.
const lettersEach = 500

// letters are messages with the letters of a merged PDF, over and over.
func letters(file string) ([]*memo.Message, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	plan, err := splitter.Make(context.Background(), data, splitter.Options{})
	if err != nil {
		return nil, err
	}
	var all []*memo.Message
	cutter := plan.Cutter()
	for i := range lettersEach {
		content := append([]byte(nil), cutter.Cut(plan.Segments[i%len(plan.Segments)])...)
		m := message(0)
		m.Header.UUID = memo.UUID(fmt.Sprintf("%08x-0000-4000-8000-000000000000", i))
		m.Body.Main.Files[0].Content = memo.ContentOf(content)
		all = append(all, m)
	}
	return all, nil
}

// dictionaries prints how fast and how small a container becomes, by the size of the dictionary.
func dictionaries(all []*memo.Message) error {
	var plain counter
	if err := pack(&plain, all); err != nil {
		return err
	}
	fmt.Printf("\n%d letters, %d KB each as a message\n", len(all), int64(plain)>>10/int64(len(all)))
	fmt.Println("dictionary    letters/s a core      of its size")
	for _, size := range []int{64 << 10, 256 << 10, 1 << 20} {
		var packed counter
		begun := time.Now()
		w, err := lzma.WriterConfig{DictCap: size}.NewWriter(&packed)
		if err == nil {
			err = errors.Join(pack(w, all), w.Close())
		}
		if err != nil {
			return err
		}
		fmt.Printf("%7d KB %18.0f %15.2f\n", size>>10, float64(len(all))/time.Since(begun).Seconds(),
			float64(packed)/float64(plain))
	}
	return nil
}

// counter counts what is written.
type counter int64

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

func pack(out io.Writer, all []*memo.Message) error {
	t := tar.NewWriter(out)
	for _, m := range all {
		err := t.WriteHeader(&tar.Header{Name: string(m.Header.UUID) + ".xml", Mode: 0o600, Size: m.Length()})
		if err == nil {
			_, err = io.Copy(t, m.Reader())
		}
		if err != nil {
			return err
		}
	}
	return t.Close()
}

// sent prints how many letters a second two containers at once leave this machine with, by our client.
func sent(all []*memo.Message) error {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // what it says then does not matter
		w.WriteHeader(http.StatusCreated)
		_, _ = io.WriteString(w, `{"transmissionId":"t"}`)
	}))
	defer server.Close()
	c := digitalpost.New(digitalpost.Config{Base: server.URL, Timeout: 5 * time.Minute, Connections: 2,
		Pack: container.Write})
	out := post.OutgoingContainer{Org: "bench", ID: "bench"}
	for _, m := range all {
		one := post.Outgoing{UUID: string(m.Header.UUID), Length: m.Length(), Body: m.Reader}
		out.Messages = append(out.Messages, one)
	}
	begun := time.Now()
	var wg sync.WaitGroup
	errs := make([]error, 2)
	for i := range errs {
		wg.Go(func() { _, errs[i] = c.SendContainer(context.Background(), out) })
	}
	wg.Wait()
	fmt.Printf("two containers at once, by our client: %.0f letters/s\n",
		2*float64(len(all))/time.Since(begun).Seconds())
	return errors.Join(errs...)
}
