package archive

import (
	"context"
	"errors"
	"fmt"
	"path"

	"brevdue/internal/parallel"
	"brevdue/internal/post"
)

// attachments are copies of what a shipment sends with each of its letters: they lie in the archive once.
type attachments struct {
	copies []post.FiledDocument
	err    error
}

// fileAll puts documents and records into their cases: the records together, the documents at the same time.
func (h *Handler) fileAll(ctx context.Context, filings []*filing) {
	shared := h.attach(ctx, filings)
	var records []post.File
	var recorded []*filing
	for _, f := range filings {
		if f.err = shared[f.shipment.ID].err; f.err != nil {
			continue
		}
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
		return h.fileLetter(ctx, f, shared[f.shipment.ID].copies)
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

// fileLetter copies a letter into its case, where it does not lie there yet.
func (h *Handler) fileLetter(ctx context.Context, f *filing, attached []post.FiledDocument) error {
	if !f.isNew {
		return nil
	}
	l := f.letter
	copied, err := h.Objects.Copy(ctx, l.Document, path.Join(h.folder(f), string(l.ID)+".pdf"), h.disposal(l))
	if err != nil {
		return err
	}
	main := f.shipment.Parts[0]
	f.filed.Documents = append([]post.FiledDocument{
		{Kind: post.LetterDocument, Name: main.Name, Type: "application/pdf", Object: copied},
	}, attached...)
	return nil
}

// attach copies the attachments of shipments of which a letter is new in its case.
func (h *Handler) attach(ctx context.Context, filings []*filing) map[string]*attachments {
	shared := map[string]*attachments{}
	for _, f := range filings {
		a := shared[f.shipment.ID]
		if a == nil {
			a = &attachments{}
			shared[f.shipment.ID] = a
		}
		parts := f.shipment.Parts
		if !f.isNew || a.err != nil || len(parts) < 2 || len(a.copies) > 0 {
			continue
		}
		for i, p := range parts[1:] {
			key := path.Join("archive", f.letter.Org, "attachments", f.shipment.ID,
				fmt.Sprintf("%d%s", i+1, path.Ext(p.Name)))
			copied, err := h.Objects.Copy(ctx, p.Object, key, h.disposal(f.letter))
			if a.err = err; err != nil {
				break
			}
			a.copies = append(a.copies, post.FiledDocument{
				Kind: post.AttachmentDocument, Name: p.Name, Type: p.Type, Object: copied,
			})
		}
	}
	return shared
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
	name := string(l.ID) + "-sending.json"
	if f.ended {
		name = fmt.Sprintf("%s-%d.json", l.ID, f.to.Edition)
	}
	return post.File{Org: l.Org, Key: path.Join(h.folder(f), name), Content: record, Disposal: h.disposal(l)}, nil
}
