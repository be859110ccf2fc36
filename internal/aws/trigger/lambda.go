package trigger

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/awslabs/aws-lambda-go-api-proxy/core"
	"github.com/awslabs/aws-lambda-go-api-proxy/httpadapter"

	"brevdue/internal/ident"
)

// Start serves a function until AWS stops it. It never returns.
func Start(handler lambda.Handler) {
	slog.SetDefault(slog.New(slog.NewJSONHandler(os.Stdout, &slog.HandlerOptions{ReplaceAttr: ident.MaskAttr})))
	lambda.Start(handler)
}

// margin is how long before the end of a function's time it stops by itself.
const margin = 5 * time.Second

// Again calls do, once or, with a pause above zero, again and again for so long: a schedule cannot be shorter than a
// minute. do returns true to be called again at once.
func Again(pause, within time.Duration, do func(context.Context) (more bool, err error)) func(context.Context) error {
	return func(ctx context.Context) error {
		end := time.Now().Add(within)
		if deadline, ok := ctx.Deadline(); ok && deadline.Add(-margin).Before(end) {
			end = deadline.Add(-margin)
		}
		for {
			more, err := do(ctx)
			if err != nil {
				return err
			}
			if now := time.Now(); now.After(end) || !more && (pause == 0 || now.Add(pause).After(end)) ||
				ctx.Err() != nil {
				return ctx.Err() // what is left over is done in the next minute
			}
			if !more {
				time.Sleep(pause)
			}
		}
	}
}

// HTTP answers the requests of an HTTP API, or of a function URL: their events are the same (format 2.0).
func HTTP(
	handler func(context.Context) (http.Handler, error),
) func(context.Context, events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
	return func(ctx context.Context, e events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
		h, err := handler(ctx)
		if err != nil {
			return events.APIGatewayV2HTTPResponse{}, err
		}
		answer, err := httpadapter.NewV2(h).ProxyWithContext(ctx, e)
		if len(answer.Cookies) == 1 { // one cookie may stand among the headers, where every gateway looks
			answer.Headers["Set-Cookie"], answer.Cookies = answer.Cookies[0], nil
		}
		return answer, err
	}
}

// Domain returns the name under which a gateway took a request.
func Domain(ctx context.Context) string {
	c, _ := core.GetAPIGatewayV2ContextFromContext(ctx)
	return c.DomainName
}

// AnyOf answers a request, does a batch, or does scheduled work: which of them an event is shows in its shape. batch is
// nil where there is no queue.
func AnyOf(request func(context.Context, events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error),
	batch func(context.Context, events.SQSEvent) (events.SQSEventResponse, error),
	schedule func(context.Context) error) func(context.Context, json.RawMessage) (any, error) {
	return func(ctx context.Context, raw json.RawMessage) (any, error) {
		var e struct {
			events.APIGatewayV2HTTPRequest
			events.SQSEvent
		}
		if err := json.Unmarshal(raw, &e); err != nil {
			return nil, errPoison
		}
		switch {
		case e.RequestContext.HTTP.Method != "":
			return request(ctx, e.APIGatewayV2HTTPRequest)
		case len(e.Records) > 0 && batch == nil:
			return nil, errPoison
		case len(e.Records) > 0:
			return batch(ctx, e.SQSEvent)
		}
		return nil, schedule(ctx)
	}
}
