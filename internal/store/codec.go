package store

import (
	"encoding/json"
	"fmt"

	"brevdue/internal/post"
)

// Codec writes letters, shipments and failures into bodies of items, and reads them. A word is a *post.Letter, a
// *post.Shipment or a *post.Failure; what is read is the reader's own, to be changed at will. Of a shipment's body a
// *Released can be read instead.
type Codec interface {
	Encode(word any) ([]byte, error)
	// Decode fills word. What stands in the item beside its body (the revision) is not its business.
	Decode(body []byte, word any) error
}

// JSON is the Codec of every table: versions_test.go keeps items of every version before.
var JSON Codec = jsonCodec{}

type jsonCodec struct{}

// Encode implements Codec.
func (jsonCodec) Encode(word any) ([]byte, error) {
	switch w := word.(type) {
	case *post.Letter:
		return json.Marshal(letterBodyOf(w))
	case *post.Shipment:
		return json.Marshal(shipmentBodyOf(w))
	case *post.Failure:
		return json.Marshal(failureBodyOf(w))
	}
	return nil, fmt.Errorf("no body for %T", word)
}

// Decode implements Codec.
func (jsonCodec) Decode(body []byte, word any) error {
	switch w := word.(type) {
	case *post.Letter:
		var b letterBody
		if err := json.Unmarshal(body, &b); err != nil {
			return err
		}
		*w = *b.letter()
	case *post.Shipment:
		var b shipmentBody
		if err := json.Unmarshal(body, &b); err != nil {
			return err
		}
		*w = *b.shipment()
	case *Released:
		return json.Unmarshal(body, w)
	case *post.Failure:
		var b failureBody
		if err := json.Unmarshal(body, &b); err != nil {
			return err
		}
		*w = *b.failure()
	default:
		return fmt.Errorf("no word %T in a body", word)
	}
	return nil
}

// encode writes a word into the body of an item.
func (s *Store) encode(item *Item, word any) (err error) {
	item.Body, err = s.codec.Encode(word)
	return err
}

// decodeWord reads a word out of the body of an item.
func (s *Store) decodeWord(item *Item, word any) error {
	if item.Broken {
		return post.ErrUnreadable
	}
	return s.codec.Decode(item.Body, word)
}
