package embedded

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/post/posttest"
	"brevdue/internal/store"
	"brevdue/internal/store/storetest"
	"brevdue/internal/wal"
)

func backend(t *testing.T) *Backend {
	t.Helper()
	h, err := Open(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.Close() })
	<-h.looked // what a test stores may have ended in November 2026
	return h
}

func TestTable(t *testing.T) {
	storetest.Table(t, func(t *testing.T) store.Table { return backend(t).Table() })
}

func TestStore(t *testing.T) {
	posttest.Store(t, func(t *testing.T) posttest.Words {
		s := store.New(backend(t).Table()).Alone(50) // and forgets most of it
		return storetest.Words(s)
	})
}

func objects(t *testing.T) *Objects {
	t.Helper()
	o, err := backend(t).Objects()
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestObjects(t *testing.T) {
	posttest.Objects(t, func(t *testing.T) posttest.StoredObjects { return objects(t) })
	for _, key := range []string{"../out", "/etc/passwd", "a/../../b", "a@b", ""} {
		if _, err := objects(t).Put(context.Background(), post.File{Key: key}); err == nil {
			t.Errorf("key %q was taken", key)
		}
	}
}

func TestQueuesKeepTheContract(t *testing.T) {
	posttest.Queues(t, func(t *testing.T) (post.Queues, func(post.Queue, int) []post.Job) {
		h := backend(t)
		return h, func(q post.Queue, n int) []post.Job {
			var jobs []post.Job
			for len(jobs) < n {
				given, err := h.queue[q].receive(t.Context(), n-len(jobs), time.Minute)
				posttest.Check(t, err)
				for _, w := range given {
					jobs = append(jobs, w.Job)
				}
				h.queue[q].finish(given)
			}
			return jobs
		}
	})
}

func TestLinksKeepTheContract(t *testing.T) {
	posttest.Links(t, func(t *testing.T) (post.Links, posttest.StoredObjects) {
		o := objects(t)
		l := &Links{Objects: o, Key: []byte("key"), Now: time.Now, Arrived: func(string) error { return nil }}
		server := httptest.NewServer(l)
		t.Cleanup(server.Close)
		l.Base = server.URL
		return l, o
	})
}

func TestDataFolderIsPrivateAndOwned(t *testing.T) {
	dir := t.TempDir() + "/data"
	h, err := Open(dir, "")
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	if err := h.FixEnvironment(post.Simulator); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]os.FileMode{dir: 0o700, dir + "/keys.json": 0o600, dir + "/brevdue.db": 0o600} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v, %v", path, info.Mode(), err)
		}
	}
	if _, err := Open(dir, ""); !errors.Is(err, wal.ErrBusy) {
		t.Errorf("a second process on the folder: %v", err)
	}
	if err := h.FixEnvironment(post.Production); !errors.Is(err, ErrEnvironment) {
		t.Errorf("another environment: %v", err)
	}
}

// TestQueueSurvives: what was given out and not finished comes again after a crash, with its count.
func TestQueueSurvives(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	h, err := Open(dir, "")
	if err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		if err := h.Send(ctx, post.SendQueue, post.Job{Letter: post.LetterID(fmt.Sprint(i))}); err != nil {
			t.Fatal(err)
		}
	}
	q := h.queue[post.SendQueue]
	given, err := q.receive(ctx, 2, time.Minute)
	if err != nil || len(given) != 2 {
		t.Fatal(given, err)
	}
	q.finish(given[:1])
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	if h, err = Open(dir, ""); err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	again, err := h.queue[post.SendQueue].receive(ctx, 10, time.Minute)
	if err != nil || len(again) != 2 || again[0].Job.Letter != "1" || again[0].Receives != 2 || again[1].Receives != 1 {
		t.Errorf("after a crash: %+v, %v", again, err)
	}
}

func TestQueueGivesAgainAndBuries(t *testing.T) {
	h := backend(t)
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if err := h.Send(ctx, post.SendQueue, post.Job{Letter: "good"}, post.Job{Letter: "poison"}); err != nil {
		t.Fatal(err)
	}
	var good, poison, dead atomic.Int32
	handle := func(_ context.Context, jobs []post.Job) []error {
		errs := make([]error, len(jobs))
		for i, e := range jobs {
			if e.Letter == "poison" {
				poison.Add(1)
				panic("it kills the handler")
			}
			good.Add(1)
			_ = i
		}
		return errs
	}
	bury := func(_ context.Context, jobs []post.Job) []error {
		if jobs[0].Letter == "poison" {
			dead.Add(1)
		}
		cancel()
		return make([]error, len(jobs))
	}
	h.Work(ctx,
		Worker{Queue: post.SendQueue, Handle: handle, Batch: 1, Workers: 2, Visible: time.Second},
		Worker{Queue: post.SendQueue.Dead(), Handle: bury, Batch: 1, Workers: 1, Visible: time.Second})
	if good.Load() != 1 || poison.Load() != post.MaxReceives || dead.Load() != 1 {
		t.Errorf("good %d, poison %d, dead %d", good.Load(), poison.Load(), dead.Load())
	}
	if n := h.Waiting(post.SendQueue); n != 0 {
		t.Errorf("%d jobs are left", n)
	}
}

func TestLinks(t *testing.T) {
	o := objects(t)
	now := posttest.Start
	var arrived []string
	l := &Links{
		Objects: o,
		Key:     []byte("secret"),
		Base:    "/objects",
		Now:     func() time.Time { return now },
		Arrived: func(k string) error { arrived = append(arrived, k); return nil },
	}
	send := func(fields map[string]string, content string) *httptest.ResponseRecorder {
		var b bytes.Buffer
		form := multipart.NewWriter(&b)
		for k, v := range fields {
			_ = form.WriteField(k, v)
		}
		w, _ := form.CreateFormFile("file", "navn.pdf")
		_, _ = w.Write([]byte(content))
		_ = form.Close()
		r := httptest.NewRequest(http.MethodPost, "/objects", &b)
		r.Header.Set("Content-Type", form.FormDataContentType())
		rec := httptest.NewRecorder()
		l.ServeHTTP(rec, r)
		return rec
	}
	terms := post.UploadPolicy{
		Org:   "demo",
		Key:   "uploads/demo/s/0",
		Type:  "application/pdf",
		Limit: 10,
		After: "/afsend/s",
		Life:  time.Hour,
	}
	link, err := l.Upload(context.Background(), terms)
	posttest.Check(t, err)
	tampered := map[string]string{"token": strings.Replace(link.Fields["token"], link.Fields["token"][:4], "AAAA", 1)}
	for name, c := range map[string]struct {
		fields  map[string]string
		content string
		status  int
	}{
		"forged": {tampered, "x", http.StatusForbidden}, "no token": {nil, "x", http.StatusForbidden},
		"too large": {link.Fields, "12345678901", http.StatusRequestEntityTooLarge}, "empty": {link.Fields, "",
			http.StatusBadRequest},
	} {
		if rec := send(c.fields, c.content); rec.Code != c.status {
			t.Errorf("%s: %d %s", name, rec.Code, rec.Body)
		}
	}
	if len(arrived) != 0 {
		t.Fatalf("something arrived: %v", arrived)
	}
	if rec := send(link.Fields, "dokument"); rec.Code != http.StatusSeeOther ||
		rec.Header().Get("Location") != "/afsend/s" {
		t.Errorf("upload: %d %s", rec.Code, rec.Body)
	}
	if rec := send(link.Fields, "et andet"); rec.Code != http.StatusConflict {
		t.Errorf("a second upload: %d", rec.Code)
	}
	object, err := o.First(context.Background(), terms.Key)
	if err != nil || object.Size != 8 || len(arrived) != 1 {
		t.Fatalf("%+v, %v, %v", object, arrived, err)
	}
	get := func(url string) *httptest.ResponseRecorder {
		rec := httptest.NewRecorder()
		l.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, url, nil))
		return rec
	}
	download, err := l.Download(context.Background(), "demo", object, "brev.pdf")
	posttest.Check(t, err)
	if rec := get(download.URL); rec.Code != http.StatusOK || rec.Body.String() != "dokument" {
		t.Errorf("download: %d %s", rec.Code, rec.Body)
	}
	if rec := get("/objects?token=" + link.Fields["token"]); rec.Code != http.StatusForbidden {
		t.Errorf("an upload link downloads: %d", rec.Code)
	}
	now = now.Add(61 * time.Second)
	if rec := get(download.URL); rec.Code != http.StatusForbidden || !strings.Contains(rec.Body.String(), "udløbet") {
		t.Errorf("after a minute: %d %s", rec.Code, rec.Body)
	}
	now = now.Add(time.Hour)
	late, err := l.Upload(context.Background(), terms)
	posttest.Check(t, err)
	if rec := send(late.Fields, "x"); rec.Code != http.StatusConflict {
		t.Errorf("a new link to a pinned upload: %d", rec.Code)
	}
	if rec := send(link.Fields, "x"); rec.Code != http.StatusForbidden {
		t.Errorf("an expired upload link: %d", rec.Code)
	}
}

// TestUnreadableJob: one that cannot be read holds up neither the start nor the others, and is handed over as it is.
func TestUnreadableJob(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	h, err := Open(dir, "")
	posttest.Check(t, err)
	for _, id := range []post.LetterID{"1", "2", "3"} {
		posttest.Check(t, h.Send(ctx, post.SendQueue, post.Job{Letter: id}))
	}
	posttest.Check(t, h.file.Update(ctx, func(tx *wal.Tx) error {
		tx.Put(queueBucket(post.SendQueue), numberKey(2), []byte("{"))
		tx.Put(queueBucket(post.SendQueue), "x", []byte("y"))
		return nil
	}))
	posttest.Check(t, h.Close())
	h, err = Open(dir, "")
	posttest.Check(t, err)
	defer h.Close()
	if n := h.Waiting(post.SendQueue); n != 2 {
		t.Errorf("%d jobs wait, want 2", n)
	}
	var bodies []string
	for range 2 { // the second time there is nothing any more
		posttest.Check(t, h.Unreadable(ctx, func(_ context.Context, _ post.Queue, _, body string) error {
			bodies = append(bodies, body)
			return nil
		}))
	}
	if fmt.Sprint(bodies) != "[{ y]" {
		t.Errorf("handed over: %q", bodies)
	}
}
