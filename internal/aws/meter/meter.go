// Package meter counts what a function asks of AWS: requests by name, and DynamoDB's units. It is what make cost and
// the test of the roles read; a function writes one line of it per call when METER is set.
//
// SDK requests -> [meter] -> a line in the log
package meter

import (
	"context"
	"encoding/json"
	"log/slog"
	"maps"
	"math"
	"sync"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go/middleware"
)

// Meter counts.
type Meter struct {
	mu          sync.Mutex
	calls       map[string]int
	read, write float64
}

// Attach counts what clients of this configuration ask for.
func (m *Meter) Attach(c *aws.Config) {
	c.APIOptions = append(c.APIOptions, func(s *middleware.Stack) error {
		return s.Initialize.Add(middleware.InitializeMiddlewareFunc("Meter", m.count), middleware.After)
	})
}

// count adds a call and its capacity units. A transaction's units are computed, for LocalStack does not return them.
func (m *Meter) count(
	ctx context.Context,
	in middleware.InitializeInput,
	next middleware.InitializeHandler,
) (middleware.InitializeOutput, middleware.Metadata, error) {
	out, metadata, err := next.HandleInitialize(ctx, in)
	read, write := units(out.Result)
	name := awsmiddleware.GetServiceID(ctx) + "." + awsmiddleware.GetOperationName(ctx)
	if t, ok := in.Parameters.(*dynamodb.TransactWriteItemsInput); ok {
		if err == nil {
			write = transactionUnits(t)
		}
		for _, part := range t.TransactItems {
			m.Note(name + partOf(part))
		}
	}
	m.Note(name)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.read += read
	m.write += write
	return out, metadata, err
}

// partOf names what one item of a transaction does: each is an action that a role must allow.
func partOf(i types.TransactWriteItem) string {
	switch {
	case i.Put != nil:
		return ".Put"
	case i.Update != nil:
		return ".Update"
	case i.Delete != nil:
		return ".Delete"
	}
	return ".ConditionCheck"
}

// Note counts a request, also one that somebody else will make with our signature.
func (m *Meter) Note(call string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.calls == nil {
		m.calls = map[string]int{}
	}
	m.calls[call]++
}

// units reads what DynamoDB says that a request consumed.
func units(result any) (read, write float64) {
	sum := func(some ...types.ConsumedCapacity) (n float64) {
		for _, c := range some {
			n += aws.ToFloat64(c.CapacityUnits)
		}
		return n
	}
	one := func(c *types.ConsumedCapacity) float64 {
		if c == nil {
			return 0
		}
		return sum(*c)
	}
	switch r := result.(type) {
	case *dynamodb.BatchGetItemOutput:
		return sum(r.ConsumedCapacity...), 0
	case *dynamodb.QueryOutput:
		return one(r.ConsumedCapacity), 0
	case *dynamodb.PutItemOutput:
		return 0, one(r.ConsumedCapacity)
	case *dynamodb.UpdateItemOutput:
		return 0, one(r.ConsumedCapacity)
	case *dynamodb.DeleteItemOutput:
		return 0, one(r.ConsumedCapacity)
	}
	return 0, 0
}

// transactionUnits counts a transaction by its items' sizes, two units a kilobyte: DynamoDB Local leaves those with a
// condition out of its answer. Entries of indexes are not in it.
func transactionUnits(in *dynamodb.TransactWriteItemsInput) (n float64) {
	for _, i := range in.TransactItems {
		size := 0
		if i.Put != nil {
			for name, value := range i.Put.Item {
				size += len(name)
				switch v := value.(type) {
				case *types.AttributeValueMemberS:
					size += len(v.Value)
				case *types.AttributeValueMemberB:
					size += len(v.Value)
				default:
					size += 10
				}
			}
		}
		n += 2 * math.Ceil(float64(max(size, 1))/1024)
	}
	return n
}

// Line is what stands in the log under the message "metered".
type Line struct {
	Calls map[string]int `json:"calls"`
	Read  float64        `json:"read"`
	Write float64        `json:"write"`
}

// take returns what was counted since it was called last.
func (m *Meter) take() Line {
	m.mu.Lock()
	defer m.mu.Unlock()
	line := Line{maps.Clone(m.calls), m.read, m.write}
	m.calls, m.read, m.write = nil, 0, 0
	return line
}

// Handler writes a line after each call of a function.
func (m *Meter) Handler(h lambda.Handler) lambda.Handler { return metered{m, h} }

type metered struct {
	meter *Meter
	next  lambda.Handler
}

// Invoke implements lambda.Handler.
func (h metered) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	answer, err := h.next.Invoke(ctx, payload)
	line := h.meter.take()
	calls, marshalErr := json.Marshal(line.Calls)
	if marshalErr == nil && len(line.Calls) > 0 {
		slog.Info("metered", "calls", json.RawMessage(calls), "read", line.Read, "write", line.Write)
	}
	return answer, err
}
