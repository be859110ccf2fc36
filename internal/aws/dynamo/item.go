package dynamo

import (
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"brevdue/internal/store"
)

const (
	numberPrefix = "n_"
	sealed       = "x"
)

func text(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }

func number(n int64) types.AttributeValue {
	return &types.AttributeValueMemberN{Value: strconv.FormatInt(n, 10)}
}

func keyAttributes(k store.Key) map[string]types.AttributeValue {
	return map[string]types.AttributeValue{"pk": text(k.PK), "sk": text(k.SK)}
}

// PlainLimit is the longest body that is not deflated: with its keys and its seal it stays within the kilobyte that
// one write unit pays for.
const PlainLimit = 740

// dictionary is what letters have in common; deflating starts from it. It is part of the stored form: another one
// would be another attribute.
const dictionary = `{"i":"","o":"","f":1,"l":1,"r":{"t":"CPR","n":""},"d":{"key":"letters/","version":"","sha256":"","size":},"s":"Completed",` +
	`"m":[{"i":"","c":,"d":"","p":1,"a":,"t":"","k":true}],"k":[{"i":"","u":"","s":"COMPLETED","a":,"g":,"w":"{\"transmissionId\":\"\",\"messageUUID\":\"\",` +
	`\"messageId\":\"\",\"errorCode\":null,\"errorMessage\":null,\"timeStamp\":\"2026-\",\"receiptStatus\":\"COMPLETED\"}","h":""}],` +
	`"t":1,"tf":,"tl":,"a":{"s":"Archived","c":"m-","r":{"key":"archive/","version":"","sha256":"","size":},"a":},` +
	`"h":[{"a":,"w":"split"},{"a":,"w":"queued"},{"a":,"w":"tried","n":"1"},{"a":,"w":"handed-over","n":""},{"a":,"w":"completed"},{"a":,"w":"archived","n":"m-"}],"u":}`

// Deflate makes a body smaller. What letters have in common costs nothing.
func Deflate(b []byte) ([]byte, error) {
	var out bytes.Buffer
	w, err := flate.NewWriterDict(&out, flate.BestCompression, []byte(dictionary))
	if err != nil {
		return nil, err
	}
	_, err = w.Write(b)
	err = errors.Join(err, w.Close())
	return out.Bytes(), err
}

// Inflate undoes Deflate.
func Inflate(b []byte) ([]byte, error) {
	return io.ReadAll(flate.NewReaderDict(bytes.NewReader(b), []byte(dictionary)))
}

// attributes returns an item in DynamoDB's form. Names are short, for they are paid for in each item: r revision, b
// body, z body deflated, x body sealed, lp and ls the list index, dp and ds the due index, e expiry in Unix seconds.
func attributes(i *store.Item) (map[string]types.AttributeValue, error) {
	a := keyAttributes(i.Key)
	a["r"] = number(i.Revision)
	if i.Sealed {
		a[sealed] = &types.AttributeValueMemberB{Value: i.Body}
	} else if len(i.Body) > PlainLimit || !utf8.Valid(i.Body) {
		z, err := Deflate(i.Body)
		if err != nil {
			return nil, err
		}
		a["z"] = &types.AttributeValueMemberB{Value: z}
	} else {
		a["b"] = text(string(i.Body))
	}
	if i.List != (store.Key{}) {
		a["lp"], a["ls"] = text(i.List.PK), text(i.List.SK)
	}
	if i.Due != (store.Key{}) {
		a["dp"], a["ds"] = text(i.Due.PK), text(i.Due.SK)
	}
	if i.Expires != 0 {
		a["e"] = number(i.Expires)
	}
	for name, n := range i.Numbers {
		a[numberPrefix+name] = number(n)
	}
	return a, nil
}

func itemOf(a map[string]types.AttributeValue) (*store.Item, error) {
	i := &store.Item{}
	var err error
	for name, value := range a {
		switch v := value.(type) {
		case *types.AttributeValueMemberS:
			takeText(i, name, v.Value)
		case *types.AttributeValueMemberB:
			if name == sealed {
				i.Body, i.Sealed = v.Value, true
			} else if i.Body, err = Inflate(v.Value); err != nil { // the store says so where it is read
				i.Body, i.Broken, err = v.Value, true, nil
			}
		case *types.AttributeValueMemberN:
			err = takeNumber(i, name, v.Value)
		}
		if err != nil {
			return nil, fmt.Errorf("attribute %s of an item: %w", name, err)
		}
	}
	return i, nil
}

func takeText(i *store.Item, name, value string) {
	switch name {
	case "pk":
		i.PK = value
	case "sk":
		i.SK = value
	case "b":
		i.Body = []byte(value)
	case "lp":
		i.List.PK = value
	case "ls":
		i.List.SK = value
	case "dp":
		i.Due.PK = value
	case "ds":
		i.Due.SK = value
	}
}

func takeNumber(i *store.Item, name, value string) error {
	n, err := strconv.ParseInt(value, 10, 64)
	switch counter, counts := strings.CutPrefix(name, numberPrefix); {
	case counts:
		if i.Numbers == nil {
			i.Numbers = map[string]int64{}
		}
		i.Numbers[counter] = n
	case name == "r":
		i.Revision = n
	case name == "e":
		i.Expires = n
	}
	return err
}
