// Package awstest makes tables, buckets and queues for tests, at whatever answers at AWS_ENDPOINT_URL. Without that
// address the test is skipped, and says so.
package awstest

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"net/url"
	"os"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	dynamotypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

// Config returns how the tests reach AWS. They never run against AWS itself: only an address of one's own will do.
func Config(t testing.TB) aws.Config {
	t.Helper()
	address := os.Getenv("AWS_ENDPOINT_URL")
	if address == "" {
		t.Skip("AWS_ENDPOINT_URL is not set: the AWS adapters are tested by make test-localstack")
	}
	if u, err := url.Parse(address); err != nil || u.Hostname() != "127.0.0.1" && u.Hostname() != "localhost" {
		t.Fatalf("AWS_ENDPOINT_URL %q is not on this machine", address)
	}
	return aws.Config{
		Region:       "eu-central-1",
		BaseEndpoint: &address,
		Credentials:  credentials.NewStaticCredentialsProvider("test", "test", ""),
	}
}

// Name returns a name that nobody has had.
func Name(what string) string {
	b := make([]byte, 6)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	return what + "-" + hex.EncodeToString(b)
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Table makes a table like that of infra/template.yaml, and returns its name.
func Table(t testing.TB) string {
	t.Helper()
	ctx, client, name := context.Background(), dynamodb.NewFromConfig(Config(t)), Name("table")
	var attributes []dynamotypes.AttributeDefinition
	for _, a := range []string{"pk", "sk", "lp", "ls", "dp", "ds"} {
		attributes = append(
			attributes,
			dynamotypes.AttributeDefinition{
				AttributeName: aws.String(a),
				AttributeType: dynamotypes.ScalarAttributeTypeS,
			},
		)
	}
	schema := func(hash, sort string) []dynamotypes.KeySchemaElement {
		return []dynamotypes.KeySchemaElement{
			{AttributeName: &hash, KeyType: dynamotypes.KeyTypeHash},
			{AttributeName: &sort, KeyType: dynamotypes.KeyTypeRange},
		}
	}
	keys := &dynamotypes.Projection{ProjectionType: dynamotypes.ProjectionTypeKeysOnly}
	_, err := client.CreateTable(
		ctx,
		&dynamodb.CreateTableInput{
			TableName:            &name,
			BillingMode:          dynamotypes.BillingModePayPerRequest,
			AttributeDefinitions: attributes,
			KeySchema: schema("pk",
				"sk"),
			GlobalSecondaryIndexes: []dynamotypes.GlobalSecondaryIndex{
				{IndexName: aws.String("list"), KeySchema: schema("lp", "ls"), Projection: keys},
				{IndexName: aws.String("due"), KeySchema: schema("dp", "ds"), Projection: keys}},
		},
	)
	check(t, err)
	check(
		t,
		dynamodb.NewTableExistsWaiter(client).Wait(ctx, &dynamodb.DescribeTableInput{TableName: &name}, time.Minute),
	)
	t.Cleanup(func() { _, _ = client.DeleteTable(ctx, &dynamodb.DeleteTableInput{TableName: &name}) })
	return name
}

// Bucket makes a versioned bucket where objects can be locked, and returns its name.
func Bucket(t testing.TB) string {
	t.Helper()
	ctx, client, name := context.Background(), S3(t), Name("bucket")
	_, err := client.CreateBucket(ctx, &s3.CreateBucketInput{
		Bucket:                     &name,
		ObjectLockEnabledForBucket: aws.Bool(true),
		CreateBucketConfiguration: &s3types.CreateBucketConfiguration{
			LocationConstraint: s3types.BucketLocationConstraintEuCentral1,
		},
	})
	check(t, err)
	return name
}

// S3 returns a client.
func S3(t testing.TB) *s3.Client {
	return s3.NewFromConfig(Config(t), func(o *s3.Options) { o.UsePathStyle = true })
}

// Queue makes a queue, and returns its address.
func Queue(t testing.TB) string {
	t.Helper()
	client := sqs.NewFromConfig(Config(t))
	out, err := client.CreateQueue(context.Background(), &sqs.CreateQueueInput{QueueName: aws.String(Name("queue"))})
	check(t, err)
	t.Cleanup(func() {
		_, _ = client.DeleteQueue(context.Background(), &sqs.DeleteQueueInput{QueueUrl: out.QueueUrl})
	})
	return aws.ToString(out.QueueUrl)
}
