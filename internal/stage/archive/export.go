package archive

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"brevdue/internal/post"
	"brevdue/internal/sentence"
	"brevdue/internal/texts"
)

// exportLimit is how many bytes of files a case may have that is exported at once: they are put together in memory.
const exportLimit = 100 << 20

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
	if c.More || size > exportLimit {
		return post.Object{}, post.Mistakes{{Field: "case", Text: sentence.Of("archive-case-large", exportLimit>>20)}}
	}
	seen := who.Did(post.ActSee, "", "", texts.Say("archive-case-exported", id, documents))
	if err := r.Audit.Record(ctx, seen); err != nil {
		return post.Object{}, err
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
	w, reading, used := zip.NewWriter(&out), r.reading(), map[string]bool{}
	for _, l := range c.Letters {
		folder := unused(used, post.FileName(fmt.Sprintf("%s %s brev %d",
			l.Filed.At.In(post.Denmark()).Format("2006-01-02"), l.Title, l.Number)))
		for _, d := range l.Documents {
			switch err := reading.open(ctx, &d); {
			case errors.Is(err, post.ErrNotFound): // not the case, which is there
				return nil, fmt.Errorf("document %s: %w", d.ID, post.ErrDamaged)
			case err != nil:
				return nil, err
			}
			file, err := w.CreateHeader(&zip.FileHeader{Name: unused(used, folder+"/"+post.FileName(d.Name)),
				Method: zip.Deflate, Modified: l.Filed.At})
			if err != nil {
				return nil, err
			}
			if err := r.give(ctx, file, &d); err != nil {
				return nil, err
			}
		}
	}
	err := w.Close()
	return out.Bytes(), err
}

// give writes a document that was opened.
func (r *Reader) give(ctx context.Context, w io.Writer, d *post.ArchivedDocument) error {
	if d.Part() {
		_, err := w.Write(d.Content)
		return err
	}
	content, done, err := r.Objects.Open(ctx, d.Object) // holds it against its hash
	if err != nil {
		return err
	}
	defer done()
	_, err = w.Write(content)
	return err
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
