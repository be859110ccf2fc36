// Package sentence is what is said to a user as a code with arguments: the domain, the stages and the splitter return
// sentences, and package texts writes them in Danish.
//
// Invariant: a sentence can be stored and read again; a text that was stored in Danish before there were codes stays
// what it is.
package sentence

import (
	"encoding/json"
	"fmt"
)

// Sentence is a code with its arguments, or a text in Danish that was stored before there were codes; "" says nothing.
// As an error it says its code, for logs; users get texts.Of.
type Sentence string

// mark stands before a code, and before nothing that a person has typed.
const mark = "§["

// nested is a sentence within another. A text that looks like one, since somebody has typed it, is none.
type nested struct {
	S Sentence `json:"s"`
}

// Of returns the sentence of a code. An argument is a text, a number or another sentence.
func Of(code string, args ...any) Sentence {
	all := []any{code}
	for _, a := range args {
		switch v := a.(type) {
		case Sentence:
			all = append(all, nested{v})
		case string, int, int64:
			all = append(all, v)
		default:
			all = append(all, fmt.Sprint(v))
		}
	}
	b, err := json.Marshal(all)
	if err != nil { // texts and numbers
		panic(err)
	}
	return Sentence("§" + string(b))
}

// Parts takes a sentence apart. It has no code where it is a text from before there were codes.
func (s Sentence) Parts() (code string, args []any) {
	if len(s) < len(mark) || s[:len(mark)] != mark {
		return "", nil
	}
	var all []any
	if json.Unmarshal([]byte(s[len("§"):]), &all) != nil || len(all) == 0 {
		return "", nil
	}
	code, _ = all[0].(string)
	for i, a := range all[1:] {
		switch v := a.(type) {
		case float64:
			all[i+1] = int64(v)
		case map[string]any:
			inner, _ := v["s"].(string)
			all[i+1] = Sentence(inner)
		}
	}
	return code, all[1:]
}

// Code returns the code, "" for a text from before there were codes.
func (s Sentence) Code() string {
	code, _ := s.Parts()
	return code
}

// Error implements error.
func (s Sentence) Error() string {
	if code := s.Code(); code != "" {
		return code
	}
	return string(s)
}
