package embedded

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"brevdue/internal/store"
)

// record is the head of an item in the file. Its body stands behind it, after a line break, as the store gave it.
//
// A head without numbers is a line of its own form, which is written and read some ten times as fast as JSON:
//
//	!revision · end · list's partition · its place · due's partition · its place, with a zero byte between them
//
// Where the body is sealed it begins with $ instead of !. One with numbers, and those of the version before, are JSON.
type record struct {
	Revision int64            `json:"r"`
	List     store.Key        `json:"l,omitzero"`
	Due      store.Key        `json:"d,omitzero"`
	Numbers  map[string]int64 `json:"n,omitempty"`
	Expires  int64            `json:"e,omitempty"`
	Sealed   bool             `json:"s,omitempty"`
}

const (
	headRoom   = 192 // bytes that a head takes, as a rule
	headMark   = '!'
	sealedMark = '$'
	headFields = 6
)

func (r record) appendTo(b []byte) ([]byte, error) {
	keys := []string{r.List.PK, r.List.SK, r.Due.PK, r.Due.SK}
	if len(r.Numbers) > 0 || strings.ContainsAny(strings.Join(keys, ""), "\x00\n") {
		head, err := json.Marshal(r)
		return append(b, head...), err
	}
	mark := byte(headMark)
	if r.Sealed {
		mark = sealedMark
	}
	b = strconv.AppendInt(append(b, mark), r.Revision, 10)
	b = strconv.AppendInt(append(b, 0), r.Expires, 10)
	for _, k := range keys {
		b = append(append(b, 0), k...)
	}
	return b, nil
}

func (r *record) read(head []byte) error {
	if len(head) == 0 || head[0] != headMark && head[0] != sealedMark {
		return json.Unmarshal(head, r)
	}
	r.Sealed = head[0] == sealedMark
	fields := strings.Split(string(head[1:]), "\x00")
	if len(fields) != headFields {
		return fmt.Errorf("a head of %d fields", len(fields))
	}
	var revisionErr, endErr error
	r.Revision, revisionErr = strconv.ParseInt(fields[0], 10, 64)
	r.Expires, endErr = strconv.ParseInt(fields[1], 10, 64)
	r.List, r.Due = store.Key{PK: fields[2], SK: fields[3]}, store.Key{PK: fields[4], SK: fields[5]}
	return errors.Join(revisionErr, endErr)
}
