package memo

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

const paper = "../../../shared/domain/memo"

func file(name, content string) []File {
	return []File{
		{Name: name, EncodingFormat: "application/pdf", Language: "da", Content: ContentOf([]byte(content))},
	}
}

func message(version string) *Message {
	attachment := func(name, content string) AdditionalDocument {
		return AdditionalDocument{Label: name, Files: file(name, content)}
	}
	return &Message{
		Version: version,
		Header: Header{
			Type: DigitalPost, UUID: "8c2ea15d-61fb-4ba9-9366-42f8b194c114", ID: "abc.1.2.3",
			Label: `Møde & »svar« <1.g>`, Reply: Yes, Mandatory: No, LegalNotification: No,
			Sender:    Sender{ID: "99060816", Type: "CVR", Label: "Nordøby Kommune"},
			Recipient: Recipient{ID: "0101901234", Type: "CPR"},
		},
		Body: &Body{
			Created: At(time.Date(2026, 11, 22, 8, 0, 0, 123e6, time.UTC)),
			Main: MainDocument{
				Label: "Brev.pdf",
				Files: file("Brev.pdf", strings.Repeat("%PDF brev ", 5000)),
			},
			Additional: []AdditionalDocument{attachment("Bilag 1.pdf", "x"), attachment("Bilag 2.pdf", "")},
		},
	}
}

// TestBytesStay: a message that was posted by the version before is posted again byte for byte.
func TestBytesStay(t *testing.T) {
	for _, version := range []string{"1.1", "1.2"} {
		want, err := os.ReadFile(filepath.Join("testdata", "before-"+version+".skeleton.xml"))
		if err != nil {
			t.Fatal(err)
		}
		if got := message(version).Skeleton(); !bytes.Equal(got, want) {
			t.Errorf("MeMo %s:\n%s\nwas\n%s", version, got, want)
		}
	}
}

func TestWriteAndRead(t *testing.T) {
	for _, version := range []string{"1.1", "1.2"} {
		m := message(version)
		b, err := m.Bytes()
		if err != nil || int64(len(b)) != m.Length() {
			t.Fatalf("%d bytes, Length says %d: %v", len(b), m.Length(), err)
		}
		got, err := Read(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		if got.Digest() != m.Digest() {
			t.Errorf("what was read differs:\n%s\n%s", got.Skeleton(), m.Skeleton())
		}
		again, _ := m.Bytes()
		if !bytes.Equal(again, b) {
			t.Error("the same message gives other bytes")
		}
		whole, err := ReadWhole(b)
		if err != nil || string(whole.Files()[1].Content.Bytes) != "x" {
			t.Errorf("contents: %v", err)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	b, _ := message("1.2").Bytes()
	good := string(b)
	for name, bad := range map[string]string{
		"order":      strings.Replace(good, "<memo:label>", "<memo:mandatory>false</memo:mandatory><memo:label>", 1),
		"missing":    strings.Replace(good, "<memo:messageType>DIGITALPOST</memo:messageType>", "", 1),
		"uuid":       strings.Replace(good, "-4ba9-", "-1ba9-", 1),
		"time":       strings.Replace(good, "123Z", "123+01:00", 1),
		"version":    strings.Replace(good, `memoVersion="1.2"`, `memoVersion="2"`, 1),
		"cut":        good[:len(good)-30],
		"content":    strings.Replace(good, "JVBERi", "!!!", 1),
		"padding":    strings.Replace(good, "JVBERi", "JV==Ri", 1),
		"not XML":    "hej",
		"no file":    strings.Replace(good, "<memo:content>", "<memo:kontent>", 1),
		"root":       strings.ReplaceAll(good, "memo:Message>", "memo:Besked>"),
		"no space":   strings.Replace(good, Namespace, "urn:other", 1),
		"twice":      good + good[strings.Index(good, "<memo:Message"):],
		"text":       strings.Replace(good, "<memo:Sender>", "<memo:Sender>hej", 1),
		"flag":       strings.Replace(good, "<memo:reply>true", "<memo:reply>ja", 1),
		"long":       strings.Replace(good, "Nordøby", strings.Repeat("ø", 257), 1),
		"tag inside": strings.Replace(good, "JVBERi", "<memo:File/>", 1),
		"in a leaf":  strings.Replace(good, "abc.1.2.3", "<memo:label>x</memo:label>", 1),
		"1.1 only":   strings.Replace(good, `memoVersion`, `memoSchVersjon="1" memoVersion`, 1),
		"doctype":    `<!DOCTYPE x [<!ENTITY a "b">]>` + good[strings.Index(good, "<memo:Message"):],
		"entity":     strings.Replace(good, "abc.1.2.3", "&a;", 1),
		"too deep":   strings.Replace(good, "<memo:Sender>", strings.Repeat("<memo:Sender>", 5000), 1),
	} {
		if _, err := Read(strings.NewReader(bad)); !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestReadKeepsWhatItDoesNotKnow: a newer message of somebody else's is read, and a content in an element that we do
// not know is not taken for a file's.
func TestReadKeepsWhatItDoesNotKnow(t *testing.T) {
	b, _ := message("1.2").Bytes()
	newer := strings.Replace(
		string(b),
		"<memo:Sender>",
		`<memo:priority level="2">high<memo:content>eA==</memo:content>`+
			`</memo:priority><memo:Sender>`,
		1,
	)
	newer = strings.Replace(newer, `memoVersion="1.2"`, `memoVersion="1.3" sealed="yes"`, 1)
	if _, err := Read(strings.NewReader(newer)); !errors.Is(err, ErrInvalid) {
		t.Errorf("Digital Post does not take in what stands in no schema: %v", err)
	}
	m, err := ReadWhole([]byte(newer))
	if err != nil {
		t.Fatal(err)
	}
	want := []Unknown{{"@sealed", "yes"}, {"MessageHeader/priority", "high"}}
	if len(m.Unknown) != 2 || m.Unknown[0] != want[0] || m.Unknown[1] != want[1] {
		t.Errorf("%q", m.Unknown)
	}
	if got := string(m.Files()[0].Content.Bytes); !strings.HasPrefix(got, "%PDF") {
		t.Errorf("the letter is %.20q", got)
	}
}

// TestAContentIsItsFiles: a content that is none for the parser moves no other one to a wrong file.
func TestAContentIsItsFiles(t *testing.T) {
	b, _ := message("1.2").Bytes()
	for _, planted := range []string{
		"<:content>QUJD</:content>", "<content:>QUJD</content:>", "<a:b:content>QUJD</a:b:content>",
		"<content xmlns=''>QUJD</content>",
	} {
		m, err := ReadWhole([]byte(strings.Replace(string(b), "<memo:Sender>", planted+"<memo:Sender>", 1)))
		if err == nil && !strings.HasPrefix(string(m.Files()[0].Content.Bytes), "%PDF") {
			t.Errorf("%s: the letter is %.20q", planted, m.Files()[0].Content.Bytes)
		}
	}
	long := strings.Repeat("JVBE&#13;", 20_000)
	m, err := ReadWhole([]byte(strings.Replace(string(b), "<memo:content>", "<memo:content>"+long, 1)))
	if err != nil || len(m.Files()[0].Content.Bytes) < 60_000 {
		t.Errorf("references at the end of a piece: %v", err)
	}
}

// TestContentInPieces: base64 with line breaks, comments and marked text is the same content.
func TestContentInPieces(t *testing.T) {
	b, _ := message("1.2").Bytes()
	want, _ := Read(bytes.NewReader(b))
	for _, put := range []string{"J\r\nVB E\tRi", "J&#13;&#xA;VBERi", "J<!-- < & > -->VBERi", "<![CDATA[JVB]]>ERi",
		"<?x >?>JVBERi"} {
		m, err := Read(strings.NewReader(strings.Replace(string(b), "JVBERi", put, 1)))
		if err != nil || m.Digest() != want.Digest() {
			t.Errorf("%q: %v", put, err)
		}
	}
}

// TestStreams: a message of 99.5 MB passes through with little memory, both ways.
func TestStreams(t *testing.T) {
	m := message("1.2")
	const size = 74_000_000
	c := &m.Body.Main.Files[0].Content
	*c = Content{Size: size, Open: func() (io.ReadCloser, error) {
		return io.NopCloser(io.LimitReader(zeros{}, size)), nil
	}}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	read, err := Read(m.Reader())
	if err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if got := read.Files()[0].Content.Size; got != size {
		t.Errorf("%d bytes", got)
	}
	if used := after.TotalAlloc - before.TotalAlloc; used > 32<<20 {
		t.Errorf("%d bytes were allocated", used)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// TestAnotherLength: a content that is not what was said breaks the message off, so that nobody takes it for whole.
func TestAnotherLength(t *testing.T) {
	for _, size := range []int64{0, 5, 7, 100_000} {
		m := message("1.2")
		m.Body.Main.Files[0].Content = Content{Bytes: []byte("sixsix"), Size: size}
		if _, err := m.Bytes(); err == nil {
			t.Errorf("6 bytes for %d", size)
		}
	}
}

func TestCheck(t *testing.T) {
	if err := message("1.2").Check(); err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("å", 257)
	for name, change := range map[string]func(*Message){
		"version":      func(m *Message) { m.Version = "1.3" },
		"label":        func(m *Message) { m.Header.Label = long },
		"control":      func(m *Message) { m.Header.Label = "a\x01" },
		"uuid":         func(m *Message) { m.Header.UUID = "8c2ea15d-61fb-1ba9-9366-42f8b194c114" },
		"notification": func(m *Message) { m.Header.Notification = Notification(long[:322]) },
		"date":         func(m *Message) { m.Header.NotBefore = "1. maj" },
		"time":         func(m *Message) { m.Header.ReplyBy = "2026-11-22T08:00:00+01:00" },
		"P-number":     func(m *Message) { m.Header.Recipient.Attention = unit("10000000000") },
		"file name":    func(m *Message) { m.Body.Main.Files[0].Name = "a:b.pdf" },
		"no file":      func(m *Message) { m.Body.Main.Files = nil },
		"not https":    func(m *Message) { act(m, Action{EntryPoint: &EntryPoint{"http://x.dk"}}) },
		"both":         func(m *Message) { act(m, Action{EntryPoint: &EntryPoint{}, Reservation: &Reservation{}}) },
		"NemSMS":       func(m *Message) { m.Header.Type = NemSMS },
		"1.2 in 1.1": func(m *Message) {
			m.Version, m.Header.Sender.Representative = "1.1", &Representative{ID: "1"}
		},
		"five replies": func(m *Message) {
			m.Header.Replies = []ReplyData{{Additional: make([]AdditionalReply, 5)}}
		},
		"no type":          func(m *Message) { m.Header.Type = "" },
		"1.1 wants a flag": func(m *Message) { m.Version, m.Header.Mandatory = "1.1", "" },
	} {
		m := message("1.2")
		change(m)
		if err := m.Check(); !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		} else if strings.Contains(err.Error(), "åå") || strings.Contains(err.Error(), "0101901234") {
			t.Errorf("%s: the error has the text: %v", name, err)
		}
	}
}

func act(m *Message, a Action) { m.Body.Main.Actions = []Action{a} }

func unit(number PNumber) *AttentionData {
	return &AttentionData{ProductionUnit: &ProductionUnit{Number: number}}
}

func FuzzRead(f *testing.F) {
	short := message("1.2")
	short.Body.Main.Files = file("Brev.pdf", "%PDF brev")
	b, _ := short.Bytes()
	s := string(b)
	for _, seed := range []string{
		s, `<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;">]><lolz>&lol2;</lolz>`,
		`<!DOCTYPE foo [<!ENTITY xxe SYSTEM "file:///etc/passwd">]><memo:Message>&xxe;</memo:Message>`,
		strings.Repeat("<a>", 10_000), "<memo:Message " + strings.Repeat(`a="1" `, 1000) + ">",
		strings.Replace(s, "JVBERi", "<!--", 1), strings.Replace(s, "JVBERi", "<![CDATA[", 1),
		strings.Replace(s, "memo:content>", "memo:content xmlns:memo='x'>", 1), "\xff\xfe<\x00", "\xef\xbb\xbf" + s,
		strings.Replace(s, "<memo:content>", "<memo:content/><memo:content>", 1),
		strings.Replace(s, "<memo:language>", "<x:content xmlns:x='u'>JVB</x:content><memo:language>", 1),
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := Read(bytes.NewReader(b))
		if err != nil {
			return
		}
		if !IsUUID(string(m.Header.UUID)) {
			t.Errorf("accepted UUID %q", m.Header.UUID)
		}
		whole, err := ReadWhole(b)
		if err != nil {
			t.Fatalf("read strictly, and not otherwise: %v", err)
		}
		out, err := whole.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		again, err := Read(bytes.NewReader(out))
		if err != nil || again.Digest() != whole.Digest() {
			t.Errorf("what was read and written is another: %v", err)
		}
	})
}
