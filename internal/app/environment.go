package app

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"brevdue/internal/aws/meter"
	"brevdue/internal/post"
)

// Env reads the environment of a function. It remembers what was read and what was missing.
type Env struct {
	lookup func(string) string
	names  []string
	wrong  []error
	meter  *meter.Meter // nil unless METER is set
}

// Environment is that of the process: the only place where the product reads it, besides flags.
func Environment() *Env { return &Env{lookup: os.Getenv} }

// optional returns a variable that may be empty.
func (e *Env) optional(name string) string {
	if !slices.Contains(e.names, name) {
		e.names = append(e.names, name)
	}
	return e.lookup(name)
}

func (e *Env) text(name string) string {
	value := e.optional(name)
	if value == "" {
		e.wrong = append(e.wrong, fmt.Errorf("%s is not set", name))
	}
	return value
}

func (e *Env) number(name string) int64 {
	n, err := strconv.ParseInt(e.text(name), 10, 64)
	if err != nil {
		e.wrong = append(e.wrong, fmt.Errorf("%s is not a number", name))
	}
	return n
}

// seconds reads a number of seconds; "" is none.
func (e *Env) seconds(name string) time.Duration {
	value := e.optional(name)
	n, err := strconv.ParseFloat("0"+value, 64)
	if err != nil {
		e.wrong = append(e.wrong, fmt.Errorf("%s is not a number of seconds", name))
	}
	return time.Duration(n * float64(time.Second))
}

func (e *Env) timings() post.Timings {
	p, err := post.ParseTimings(e.text("PACE"))
	if err != nil {
		e.wrong = append(e.wrong, err)
	}
	return p
}

// queues reads the addresses of queues.
func (e *Env) queues(names ...post.Queue) map[post.Queue]string {
	urls := map[post.Queue]string{}
	for _, q := range names {
		urls[q] = e.text("QUEUE_" + strings.ToUpper(strings.ReplaceAll(string(q), "-", "_")))
	}
	return urls
}

// err tells everything that is wrong, at once.
func (e *Env) err() error { return errors.Join(e.wrong...) }

// aws reads what AWS gives every function. The keys are those of the function's role, good for the life of the process.
func (e *Env) aws() aws.Config {
	c := aws.Config{Region: e.optional("AWS_REGION"), Credentials: credentials.NewStaticCredentialsProvider(
		e.optional("AWS_ACCESS_KEY_ID"), e.optional("AWS_SECRET_ACCESS_KEY"), e.optional("AWS_SESSION_TOKEN"))}
	if endpoint := e.optional("AWS_ENDPOINT_URL"); endpoint != "" {
		c.BaseEndpoint = &endpoint
	}
	if e.optional("METER") != "" {
		e.meter = &meter.Meter{}
		e.meter.Attach(&c)
	}
	return c
}

// serve makes the function's handler, which counts what it asks of AWS where that is asked for.
func (e *Env) serve(handler any) lambda.Handler {
	fn := lambda.NewHandler(handler)
	if e.meter != nil {
		fn = e.meter.Handler(fn)
	}
	return fn
}
