package dynamo

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"brevdue/internal/store"
)

// last sorts after every sort key of ours.
const last = "\U0010FFFF"

// bounds are the sort keys of a query, both included; "" is open.
type bounds struct{ lower, upper string }

// after returns the least sort key that comes after sk.
func after(sk string) string { return sk + "\x00" }

func boundsOf(prefix, from, upTo string) bounds {
	b := bounds{lower: prefix, upper: upTo}
	if from != "" {
		b.lower = max(prefix, after(from))
	}
	if prefix != "" && (b.upper == "" || prefix+last < b.upper) {
		b.upper = prefix + last
	}
	return b
}

func (b bounds) empty() bool { return b.lower != "" && b.upper != "" && b.lower > b.upper }

// condition writes the bounds as a key condition.
func (b bounds) condition(pk, sk, partition string) (string, map[string]types.AttributeValue) {
	values := map[string]types.AttributeValue{":pk": text(partition)}
	expression := pk + " = :pk"
	if b.lower != "" {
		values[":from"] = text(b.lower)
	}
	if b.upper != "" {
		values[":to"] = text(b.upper)
	}
	switch {
	case b.lower != "" && b.upper != "":
		expression += " AND " + sk + " BETWEEN :from AND :to"
	case b.lower != "":
		expression += " AND " + sk + " >= :from"
	case b.upper != "":
		expression += " AND " + sk + " <= :to"
	}
	return expression, values
}

// Query implements store.Table.
func (t *Table) Query(ctx context.Context, pk, prefix, from string, limit int) ([]*store.Item, error) {
	b := boundsOf(prefix, from, "")
	if b.empty() {
		return nil, nil
	}
	expression, values := b.condition("pk", "sk", pk)
	var items []*store.Item
	input := &dynamodb.QueryInput{
		ReturnConsumedCapacity:    total,
		TableName:                 &t.name,
		ConsistentRead:            aws.Bool(true),
		KeyConditionExpression:    &expression,
		ExpressionAttributeValues: values,
	}
	for {
		input.Limit = aws.Int32(int32(limit - len(items)))
		out, err := t.query(ctx, input)
		if err != nil {
			return nil, fmt.Errorf("query: %w", err)
		}
		for _, a := range out.Items {
			item, err := itemOf(a)
			if err != nil {
				return nil, err
			}
			items = append(items, item)
		}
		if input.ExclusiveStartKey = out.LastEvaluatedKey; len(items) >= limit || len(out.LastEvaluatedKey) == 0 {
			return items, nil
		}
	}
}

// index names an index and its attributes.
var index = map[store.Index]struct{ name, pk, sk string }{
	store.ListIndex: {"list", "lp", "ls"},
	store.DueIndex:  {"due", "dp", "ds"},
}

// QueryIndex implements store.Table. The index gives keys and is a moment behind: what the items themselves say
// counts, and one that has left its place is not there.
func (t *Table) QueryIndex(ctx context.Context, q store.IndexQuery) ([]*store.Item, error) {
	where := index[q.Index]
	b := boundsOf(q.Prefix, q.After, q.UpTo)
	if q.Down && q.After != "" {
		b = boundsOf(q.Prefix, "", q.After) // the one at After comes too, and is left out
	}
	if b.empty() {
		return nil, nil
	}
	expression, values := b.condition(where.pk, where.sk, q.PK)
	input := &dynamodb.QueryInput{
		ReturnConsumedCapacity:    total,
		TableName:                 &t.name,
		IndexName:                 &where.name,
		KeyConditionExpression:    &expression,
		ExpressionAttributeValues: values,
		ScanIndexForward:          aws.Bool(!q.Down),
	}
	var items []*store.Item
	for {
		input.Limit = aws.Int32(int32(min(q.Limit-len(items)+1, 100)))
		out, err := t.query(ctx, input)
		if err != nil {
			return nil, fmt.Errorf("look: %w", err)
		}
		some, err := t.inPlace(ctx, q, out.Items)
		if err != nil {
			return nil, err
		}
		items = append(items, some...)
		if len(items) >= q.Limit {
			return items[:q.Limit], nil
		}
		if input.ExclusiveStartKey = out.LastEvaluatedKey; len(out.LastEvaluatedKey) == 0 {
			return items, nil
		}
	}
}

// inPlace reads the items of a page of an index, and keeps those that still stand there.
func (t *Table) inPlace(
	ctx context.Context,
	q store.IndexQuery,
	page []map[string]types.AttributeValue,
) ([]*store.Item, error) {
	place := func(i *store.Item) store.Key {
		if q.Index == store.DueIndex {
			return i.Due
		}
		return i.List
	}
	var keys, places []store.Key
	for _, a := range page {
		entry, err := itemOf(a)
		if err != nil {
			return nil, err
		}
		if place(entry).SK != q.After {
			keys, places = append(keys, entry.Key), append(places, place(entry))
		}
	}
	found, err := t.Get(ctx, keys...)
	if err != nil {
		return nil, err
	}
	var items []*store.Item
	for i, item := range found {
		if item != nil && place(item) == places[i] {
			items = append(items, item)
		}
	}
	return items, nil
}
