package bucket

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"brevdue/internal/post"
)

// verdictTag is what GuardDuty's Malware Protection for S3 writes on every object that it has scanned.
const verdictTag = "GuardDutyMalwareScanStatus"

// Scan implements post.Scanner: it reads GuardDuty's verdict. Anything but a clean bill keeps the file closed.
func (o *Objects) Scan(ctx context.Context, object post.Object) (string, error) {
	out, err := o.client.GetObjectTagging(
		ctx,
		&s3.GetObjectTaggingInput{
			Bucket:    aws.String(o.bucket(object.Key)),
			Key:       &object.Key,
			VersionId: &object.Version,
		},
	)
	if err != nil {
		return "", fmt.Errorf("verdict on %s: %w", object.Key, err)
	}
	for _, tag := range out.TagSet {
		if aws.ToString(tag.Key) != verdictTag {
			continue
		}
		switch verdict := aws.ToString(tag.Value); verdict {
		case "NO_THREATS_FOUND":
			return "", nil
		case "THREATS_FOUND":
			return "GuardDuty", nil
		default: // UNSUPPORTED, ACCESS_DENIED, FAILED
			return "", fmt.Errorf("verdict on %s: GuardDuty says %s: %w", object.Key, verdict, post.ErrCannotScan)
		}
	}
	return "", post.ErrNotScanned
}
