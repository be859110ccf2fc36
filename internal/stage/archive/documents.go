package archive

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"path"

	"brevdue/internal/parallel"
	"brevdue/internal/post"
)

// fileAll puts documents and records into their cases: the records together, the documents at the same time.
func (h *Handler) fileAll(ctx context.Context, filings []*filing) {
	var records []post.File
	var recorded []*filing
	for _, f := range filings {
		file, err := h.recordFile(f)
		if f.err = err; err == nil {
			records, recorded = append(records, file), append(recorded, f)
		}
	}
	var objects []post.Object
	var err error
	_ = h.Runner.Run(ctx, len(recorded)+1, 0, func(i int) (own error) { // each filing has its own error
		if i == len(recorded) {
			objects, err = h.Objects.Put(ctx, records...)
			return nil
		}
		f := recorded[i]
		defer func() { f.err = own }()
		defer parallel.Recover(&own)
		return h.fileLetter(ctx, f)
	})
	for i, f := range recorded {
		if f.err = errors.Join(f.err, err); f.err != nil {
			continue
		}
		if f.ended {
			f.to.Record = objects[i]
		} else {
			f.filed.Record = objects[i]
		}
	}
}

// fileLetter copies a letter and its attachments into the archive, where they do not lie there yet.
func (h *Handler) fileLetter(ctx context.Context, f *filing) error {
	if !f.isNew {
		return nil
	}
	copies, err := h.attach(ctx, f)
	if err != nil {
		return err
	}
	l := f.letter
	copied, err := h.Objects.Copy(ctx, l.Document, path.Join(h.folder(f), string(l.ID)+".pdf"), h.disposal(l))
	if err != nil {
		return err
	}
	main := f.shipment.Parts[0]
	f.filed.Documents = append([]post.FiledDocument{
		{Kind: post.LetterDocument, Name: main.Name, Type: "application/pdf", Object: copied},
	}, copies...)
	return nil
}

// attach copies the attachments of a letter's shipment: its letters share them.
func (h *Handler) attach(ctx context.Context, f *filing) ([]post.FiledDocument, error) {
	if len(f.shipment.Parts) < 2 {
		return nil, nil
	}
	return h.attached.Get(f.shipment.ID, func() ([]post.FiledDocument, error) {
		var copies []post.FiledDocument
		for i, p := range f.shipment.Parts[1:] {
			key := path.Join("archive", f.letter.Org, "attachments", f.shipment.ID,
				fmt.Sprintf("%d%s", i+1, path.Ext(p.Name)))
			copied, err := h.Objects.Copy(ctx, p.Object, key, h.disposal(f.letter))
			if err != nil {
				return nil, err
			}
			copies = append(copies, post.FiledDocument{
				Kind: post.AttachmentDocument, Name: p.Name, Type: p.Type, Object: copied,
			})
		}
		return copies, nil
	})
}

// folder is where the files of a case lie.
func (h *Handler) folder(f *filing) string { return path.Join("archive", f.letter.Org, f.to.Case) }

// recordFile is the record of a letter as a file: of how it ended, or that it is being sent.
func (h *Handler) recordFile(f *filing) (post.File, error) {
	l := f.letter
	record, err := h.record(f.shipment, l)
	if err != nil {
		return post.File{}, err
	}
	name := fmt.Sprintf("%s-%d.json", l.ID, f.to.Edition)
	if !f.ended {
		name = string(l.ID) + "-sending.json"
		f.filed.UUID, f.filed.Message = record.uuid, hashOf([]byte(record.Message))
	}
	content, err := json.Marshal(record)
	return post.File{Org: l.Org, Key: path.Join(h.folder(f), name), Content: content,
		Secret: l.Secret, Disposal: h.disposal(l)}, err
}

func hashOf(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}
