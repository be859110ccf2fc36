package stories

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/rogpeppe/go-internal/testscript"

	"brevdue/internal/aws/awstest"
)

// unreadable WORD … reads everything as it lies, as whoever has copied it does, and finds none of the words.
func unreadable(ts *testscript.TestScript, _ bool, words []string) {
	looked := 0
	ts.Check(backendOf(ts).stored(func(name string, content []byte) {
		looked++
		for _, word := range words {
			if bytes.Contains(content, []byte(word)) {
				ts.Fatalf("%q can be read in %s", word, name)
			}
		}
	}))
	if looked < 10 {
		ts.Fatalf("only %d things lie there", looked)
	}
}

// stored reads the data folder. What the simulator has is Digital Post's, and the API key is a file of its own.
func (s *server) stored(do func(name string, content []byte)) error {
	return filepath.WalkDir(s.data, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || strings.HasPrefix(d.Name(), "simulator.db") {
			return err
		}
		content, err := os.ReadFile(path)
		if os.IsNotExist(err) { // it was being written
			return nil
		}
		do(path, content)
		return err
	})
}

// stored reads the table, whose items are those of all stories.
func (c *cloud) stored(do func(name string, content []byte)) error {
	pages := dynamodb.NewScanPaginator(dynamodb.NewFromConfig(awstest.Config(c.t)),
		&dynamodb.ScanInput{TableName: &c.stack.Table})
	for pages.HasMorePages() {
		page, err := pages.NextPage(context.Background())
		if err != nil {
			return err
		}
		for _, item := range page.Items {
			for name, value := range item {
				switch v := value.(type) {
				case *types.AttributeValueMemberS:
					do(name, []byte(v.Value))
				case *types.AttributeValueMemberB:
					do(name, v.Value)
				}
			}
		}
	}
	return nil
}
