// Package dynamo is the one table on DynamoDB.
//
// Invariant: reads of items are strongly consistent; a write is durable when Transact returns; a condition that does
// not hold is a *store.Refusal, and everything that DynamoDB asks to be tried again (throttling, two transactions on
// the same item) is, with jitter, before anybody hears of it.
//
//	pk, sk   Key          lp, ls  List index     e    Expires, the table's TTL
//	r        Revision     dp, ds  Due index      n_*  Numbers of a counter
//	b        Body as it is, or z deflated when that saves a write unit, or x sealed
//
// Both indexes hold keys only: a change of a letter that keeps its place in them costs nothing there (data.md).
package dynamo

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"brevdue/internal/store"
)

// Table implements store.Table.
//
// It holds the calls that it makes and not the client: html/template makes the linker keep every method of every type
// that reflection can see, which is all of DynamoDB in the portal's function.
type Table struct {
	name     string
	batchGet func(context.Context, *dynamodb.BatchGetItemInput,
		...func(*dynamodb.Options)) (*dynamodb.BatchGetItemOutput, error)
	query    func(context.Context, *dynamodb.QueryInput, ...func(*dynamodb.Options)) (*dynamodb.QueryOutput, error)
	transact func(context.Context, *dynamodb.TransactWriteItemsInput,
		...func(*dynamodb.Options)) (*dynamodb.TransactWriteItemsOutput, error)
	put    func(context.Context, *dynamodb.PutItemInput, ...func(*dynamodb.Options)) (*dynamodb.PutItemOutput, error)
	update func(context.Context, *dynamodb.UpdateItemInput, ...func(*dynamodb.Options)) (*dynamodb.UpdateItemOutput,
		error)
	remove func(context.Context, *dynamodb.DeleteItemInput, ...func(*dynamodb.Options)) (*dynamodb.DeleteItemOutput,
		error)
	describe func(context.Context, *dynamodb.DescribeTableInput,
		...func(*dynamodb.Options)) (*dynamodb.DescribeTableOutput, error)

	identity atomic.Pointer[identity]
}

// New returns the table of that name.
func New(c aws.Config, name string) *Table {
	client := dynamodb.NewFromConfig(c, func(o *dynamodb.Options) {
		o.Retryer = retry.NewStandard(func(r *retry.StandardOptions) {
			r.MaxAttempts, r.MaxBackoff, r.RateLimiter = 12, 2*time.Second, ratelimit.None
			r.Retryables = append(r.Retryables, retry.IsErrorRetryableFunc(conflict))
		})
	})
	return &Table{
		name:     name,
		batchGet: client.BatchGetItem,
		query:    client.Query,
		transact: client.TransactWriteItems,
		put:      client.PutItem,
		update:   client.UpdateItem,
		remove:   client.DeleteItem,
		describe: client.DescribeTable,
	}
}

// total asks what a request costs: the answer is free, and package meter adds it up.
const total = types.ReturnConsumedCapacityTotal

// Reasons of a cancelled transaction (API reference: TransactWriteItems, cancellation reasons).
const (
	conditionFailed = "ConditionalCheckFailed"
	none            = "None"
)

// conflict reports whether a write was refused for something that passes: a transaction was cancelled, or one write met
// a transaction on the same item. DynamoDB Local never says the latter, and the SDK does not try it again by itself.
func conflict(err error) aws.Ternary {
	var met *types.TransactionConflictException
	if errors.As(err, &met) {
		return aws.TrueTernary
	}
	var cancelled *types.TransactionCanceledException
	if !errors.As(err, &cancelled) {
		return aws.UnknownTernary
	}
	for _, r := range cancelled.CancellationReasons {
		switch aws.ToString(r.Code) {
		case none, "TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded", "RequestLimitExceeded":
		default:
			return aws.FalseTernary
		}
	}
	return aws.TrueTernary
}

// identity is a TableId that was asked for a moment ago.
type identity struct {
	id    string
	until time.Time
}

// Identity implements store.Identity: the TableId, which a table that is restored under the same name does not keep.
// It is asked for twice a minute: a function that is warm must not send for a table that is gone.
func (t *Table) Identity(ctx context.Context) (string, error) {
	if known := t.identity.Load(); known != nil && time.Now().Before(known.until) {
		return known.id, nil
	}
	out, err := t.describe(ctx, &dynamodb.DescribeTableInput{TableName: &t.name})
	if err != nil {
		return "", err
	}
	id := aws.ToString(out.Table.TableId)
	t.identity.Store(&identity{id, time.Now().Add(30 * time.Second)})
	return id, nil
}

// Get implements store.Table.
func (t *Table) Get(ctx context.Context, keys ...store.Key) ([]*store.Item, error) {
	found := map[store.Key]*store.Item{}
	ask := make([]map[string]types.AttributeValue, 0, len(keys))
	for _, k := range keys {
		if _, known := found[k]; !known {
			found[k] = nil
			ask = append(ask, keyAttributes(k))
		}
	}
	for try := 0; len(ask) > 0; try++ {
		if err := t.pause(ctx, try); err != nil {
			return nil, err
		}
		out, err := t.batchGet(
			ctx,
			&dynamodb.BatchGetItemInput{ReturnConsumedCapacity: total, RequestItems: map[string]types.KeysAndAttributes{
				t.name: {Keys: ask, ConsistentRead: aws.Bool(true)}}},
		)
		if err != nil {
			return nil, fmt.Errorf("read %d items: %w", len(ask), err)
		}
		for _, a := range out.Responses[t.name] {
			item, err := itemOf(a)
			if err != nil {
				return nil, err
			}
			found[item.Key] = item
		}
		ask = out.UnprocessedKeys[t.name].Keys
	}
	items := make([]*store.Item, len(keys))
	for i, k := range keys {
		items[i] = found[k]
	}
	return items, nil
}

// pause waits before the next try at what a batch left over.
func (t *Table) pause(ctx context.Context, try int) error {
	if try == 0 {
		return nil
	}
	wait, err := retry.NewExponentialJitterBackoff(2*time.Second).BackoffDelay(try, nil)
	if err != nil || try > 10 {
		return errors.Join(err, errors.New("the table does not keep up"))
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(wait):
		return nil
	}
}

// Transact implements store.Table. One write is no transaction: it costs half.
func (t *Table) Transact(ctx context.Context, writes ...store.Write) error {
	keys, err := store.KeysOf(writes)
	if err != nil || len(writes) == 0 {
		return err
	}
	if len(writes) == 1 && writes[0].Check == nil {
		return t.writeOne(ctx, writes[0])
	}
	items := make([]types.TransactWriteItem, len(writes))
	for i, w := range writes {
		if items[i], err = t.write(w); err != nil {
			return err
		}
	}
	_, err = t.transact(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: items, ReturnConsumedCapacity: total})
	var cancelled *types.TransactionCanceledException
	if !errors.As(err, &cancelled) {
		return err
	}
	refusal := &store.Refusal{}
	for i, r := range cancelled.CancellationReasons {
		if aws.ToString(r.Code) == conditionFailed {
			refusal.Keys = append(refusal.Keys, keys[i])
		}
	}
	if len(refusal.Keys) > 0 {
		return refusal
	}
	return fmt.Errorf("transaction of %d writes: %w", len(writes), err)
}

// writeOne makes one write without a transaction, which would cost twice the write units.
func (t *Table) writeOne(ctx context.Context, one store.Write) error {
	w, err := t.write(one)
	if err != nil {
		return err
	}
	switch {
	case w.Put != nil:
		_, err = t.put(
			ctx,
			&dynamodb.PutItemInput{
				ReturnConsumedCapacity:    total,
				TableName:                 w.Put.TableName,
				Item:                      w.Put.Item,
				ConditionExpression:       w.Put.ConditionExpression,
				ExpressionAttributeValues: w.Put.ExpressionAttributeValues,
			},
		)
	case w.Delete != nil:
		_, err = t.remove(
			ctx,
			&dynamodb.DeleteItemInput{
				ReturnConsumedCapacity:    total,
				TableName:                 w.Delete.TableName,
				Key:                       w.Delete.Key,
				ConditionExpression:       w.Delete.ConditionExpression,
				ExpressionAttributeValues: w.Delete.ExpressionAttributeValues,
			},
		)
	default:
		_, err = t.update(
			ctx,
			&dynamodb.UpdateItemInput{
				ReturnConsumedCapacity:    total,
				TableName:                 w.Update.TableName,
				Key:                       w.Update.Key,
				UpdateExpression:          w.Update.UpdateExpression,
				ConditionExpression:       w.Update.ConditionExpression,
				ExpressionAttributeValues: w.Update.ExpressionAttributeValues,
			},
		)
	}
	var failed *types.ConditionalCheckFailedException
	if errors.As(err, &failed) {
		return &store.Refusal{Keys: []store.Key{one.Key()}}
	}
	return err
}

// write turns a write into DynamoDB's.
func (t *Table) write(w store.Write) (types.TransactWriteItem, error) {
	condition, values := conditionOf(w)
	switch {
	case w.Put != nil:
		item, err := attributes(w.Put)
		return types.TransactWriteItem{
			Put: &types.Put{
				TableName:                 &t.name,
				Item:                      item,
				ConditionExpression:       condition,
				ExpressionAttributeValues: values,
			},
		}, err
	case w.Delete != nil:
		return types.TransactWriteItem{
			Delete: &types.Delete{
				TableName:                 &t.name,
				Key:                       keyAttributes(*w.Delete),
				ConditionExpression:       condition,
				ExpressionAttributeValues: values,
			},
		}, nil
	}
	if w.Check != nil {
		return types.TransactWriteItem{
			ConditionCheck: &types.ConditionCheck{
				TableName:                 &t.name,
				Key:                       keyAttributes(*w.Check),
				ConditionExpression:       condition,
				ExpressionAttributeValues: values,
			},
		}, nil
	}
	if values == nil {
		values = map[string]types.AttributeValue{}
	}
	adds := []string{"r :one"}
	values[":one"] = number(1)
	for _, name := range slices.Sorted(maps.Keys(w.Add.Numbers)) {
		adds = append(adds, numberPrefix+name+" :"+name)
		values[":"+name] = number(w.Add.Numbers[name])
	}
	return types.TransactWriteItem{
		Update: &types.Update{
			TableName:                 &t.name,
			Key:                       keyAttributes(w.Add.Key),
			ConditionExpression:       condition,
			UpdateExpression:          aws.String("ADD " + strings.Join(adds, ", ")),
			ExpressionAttributeValues: values,
		},
	}, nil
}

func conditionOf(w store.Write) (*string, map[string]types.AttributeValue) {
	switch w.If {
	case store.IfMissing:
		return aws.String("attribute_not_exists(pk)"), nil
	case store.IfRevision:
		return aws.String("r = :was"), map[string]types.AttributeValue{":was": number(w.Was)}
	}
	return nil, nil
}
