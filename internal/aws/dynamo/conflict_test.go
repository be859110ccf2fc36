package dynamo

import (
	"errors"
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// TestConflictsAreTriedAgain: what another transaction was in the way of is tried again, by itself as in a transaction;
// a condition that does not hold is not. DynamoDB Local has no such conflicts.
func TestConflictsAreTriedAgain(t *testing.T) {
	cancelled := func(codes ...string) error {
		e := &types.TransactionCanceledException{}
		for _, c := range codes {
			e.CancellationReasons = append(e.CancellationReasons, types.CancellationReason{Code: aws.String(c)})
		}
		return fmt.Errorf("operation error: %w", e)
	}
	for name, c := range map[string]struct {
		err  error
		want aws.Ternary
	}{
		"one write":          {fmt.Errorf("put: %w", &types.TransactionConflictException{}), aws.TrueTernary},
		"in a transaction":   {cancelled("None", "TransactionConflict"), aws.TrueTernary},
		"a condition":        {cancelled("None", "ConditionalCheckFailed"), aws.FalseTernary},
		"both":               {cancelled("TransactionConflict", "ConditionalCheckFailed"), aws.FalseTernary},
		"one condition":      {&types.ConditionalCheckFailedException{}, aws.UnknownTernary},
		"something else yet": {errors.New("x"), aws.UnknownTernary},
	} {
		if got := conflict(c.err); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
