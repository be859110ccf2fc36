package archive

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"path"
	"strings"

	"brevdue/internal/post"
	"brevdue/internal/sentence"
	"brevdue/internal/texts"
)

// Limits of a case that is exported at once: its files are put together in memory, and a function on AWS has not long.
const (
	exportBytes   = 100 << 20
	exportLetters = 200
)

// exports are how many are made at once in a process: each takes memory that sending needs, too.
var exports = make(chan struct{}, 2)

// ExportCase implements post.ArchiveExports. Each document is held against its hash before it is given.
func (r *Reader) ExportCase(ctx context.Context, who post.Caller, id string) (post.Object, error) {
	c, err := r.archivedCase(ctx, who, id)
	if err != nil {
		return post.Object{}, err
	}
	var size int64
	var all strings.Builder
	documents := 0
	for _, l := range c.Letters {
		for _, d := range l.Documents {
			if !d.Part() {
				size += d.Object.Size
			}
			documents++
			fmt.Fprintln(&all, d.ID, d.SHA256)
		}
	}
	switch {
	case c.More, len(c.Letters) > exportLetters:
		return post.Object{}, post.Mistakes{{Field: "case", Text: sentence.Of("archive-case-many", exportLetters)}}
	case size > exportBytes:
		return post.Object{}, post.Mistakes{{Field: "case", Text: sentence.Of("archive-case-large", exportBytes>>20)}}
	}
	if err := r.seen(ctx, who, c, texts.Say("archive-case-exported", id, documents)); err != nil {
		return post.Object{}, err
	}
	select {
	case exports <- struct{}{}:
		defer func() { <-exports }()
	case <-ctx.Done():
		return post.Object{}, ctx.Err()
	}
	content, err := r.zipped(ctx, c)
	if err != nil {
		return post.Object{}, err
	}
	key := path.Join("previews", "archive", who.Org, hashOf([]byte(all.String()))+".zip")
	objects, err := r.Objects.Put(ctx, post.File{Org: who.Org, Key: key, Content: content})
	if err != nil {
		return post.Object{}, err
	}
	return objects[0], nil
}

// zipped puts a case into a zip file: a folder for each letter, with its documents.
func (r *Reader) zipped(ctx context.Context, c *post.ArchivedCase) ([]byte, error) {
	var out bytes.Buffer
	w, used := zip.NewWriter(&out), map[string]bool{}
	given := giving{reading: r.reading(), attached: map[post.Object][]byte{}}
	for _, l := range c.Letters {
		folder := unused(used, post.FileName(fmt.Sprintf("%s %s brev %d",
			l.Filed.At.In(post.Denmark()).Format("2006-01-02"), l.Title, l.Number)))
		for _, d := range l.Documents {
			content, err := given.content(ctx, &d)
			if err != nil {
				return nil, err
			}
			file, err := w.CreateHeader(&zip.FileHeader{Name: unused(used, folder+"/"+post.FileName(d.Name)),
				Method: zip.Deflate, Modified: l.Filed.At})
			if err == nil {
				_, err = file.Write(content)
			}
			if err != nil {
				return nil, err
			}
		}
	}
	err := w.Close()
	return out.Bytes(), err
}

// giving reads documents, each file once: the letters of a shipment share its attachments.
type giving struct {
	*reading
	attached map[post.Object][]byte
}

// content is a document, held against its hash.
func (g giving) content(ctx context.Context, d *post.ArchivedDocument) (content []byte, err error) {
	switch known, ok := g.attached[d.Object]; {
	case d.Part():
		err = g.open(ctx, d)
		content = d.Content
	case ok:
		return known, nil
	default:
		err = g.file(ctx, d.Object, func(read []byte) error {
			content = bytes.Clone(read)
			return nil
		})
	}
	if errors.Is(err, post.ErrNotFound) { // not the case, which is there
		err = fmt.Errorf("document %s: %w", d.ID, post.ErrDamaged)
	}
	if err == nil && d.Kind == post.AttachmentDocument {
		g.attached[d.Object] = content
	}
	return content, err
}

// unused is a name that is not used yet: with a number before its extension where it is.
func unused(used map[string]bool, name string) string {
	is := name
	for n := 2; used[strings.ToLower(is)]; n++ {
		ext := path.Ext(name)
		is = fmt.Sprintf("%s (%d)%s", strings.TrimSuffix(name, ext), n, ext)
	}
	used[strings.ToLower(is)] = true
	return is
}
