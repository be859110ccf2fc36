package app

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/lambda"

	"brevdue/infra/template"
	"brevdue/internal/remote/mail"
)

var functions = map[string]func(*Env) lambda.Handler{
	"upload": Upload, "portal": Portal, "split": Split, "send": Send, "archive": Archive, "receipt": Receipt,
	"inbox-poll": InboxPoll,
	"bulk":       Bulk,
	"unhandled":  Unhandled, "sweep": func(e *Env) lambda.Handler { return Sweep(e, mail.Open) },
}

// TestEnvironmentIsTheTemplates: what a function reads is what the template sets, no more and no less.
func TestEnvironmentIsTheTemplates(t *testing.T) {
	tmpl, err := template.Read(2)
	if err != nil {
		t.Fatal(err)
	}
	for name, function := range functions {
		e := &Env{lookup: func(name string) string {
			switch {
			case name == "PACE":
				return "production"
			case strings.HasSuffix(name, "_DAYS"), strings.HasSuffix(name, "_MB"), name == "MASS_FROM",
				name == "DIGITAL_POST_RATE":
				return "1"
			case name == "PAUSE", name == "AWS_ENDPOINT_URL":
				return ""
			}
			return "x"
		}}
		function(e)
		if err := e.err(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		set := tmpl.Variables(name)
		for _, read := range e.names {
			if !strings.HasPrefix(read, "AWS_") && !set[read] {
				t.Errorf("%s reads %s, which the template does not set", name, read)
			}
			delete(set, read)
		}
		for unread := range set {
			t.Errorf("the template sets %s for %s, which does not read it", unread, name)
		}
	}
}

// TestEveryFunctionIsDeployed: folders, template and this package have the same functions, and each has an event.
func TestEveryFunctionIsDeployed(t *testing.T) {
	tmpl, err := template.Read(2)
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for name := range functions {
		want = append(want, name)
	}
	folders, err := filepath.Glob("../../functions/*")
	if err != nil {
		t.Fatal(err)
	}
	var have []string
	for _, f := range folders {
		have = append(have, filepath.Base(f))
		if _, err := os.Stat(filepath.Join(f, "event.json")); err != nil {
			t.Error(err)
		}
	}
	deployed := tmpl.Functions()
	for _, names := range [][]string{want, have, deployed} {
		slices.Sort(names)
	}
	if !slices.Equal(want, have) || !slices.Equal(want, deployed) {
		t.Errorf("functions here %v, folders %v, in the template %v", want, have, deployed)
	}
}

// TestMissingVariablesAreAllTold: a function that is set up wrongly says everything at once, and does nothing.
func TestMissingVariablesAreAllTold(t *testing.T) {
	e := &Env{lookup: func(string) string { return "" }}
	fn := Send(e)
	for _, name := range []string{"TABLE", "PACE", "ARCHIVE", "SECRET", "DIGITAL_POST", "QUEUE_SEND_DEAD"} {
		if err := e.err(); err == nil || !strings.Contains(err.Error(), name) && name != "PACE" {
			t.Errorf("%s is not told in %v", name, err)
		}
	}
	// A letter's job is not worn out by that: the sweep brings it again. An upload's news comes again by itself.
	answer, err := fn.Invoke(
		t.Context(),
		[]byte(`{"Records":[{"messageId":"m1","body":"{\"letter\":\"x\"}"},`+
			`{"messageId":"m2","body":"{\"object\":\"uploads/a/b/0\"}"}]}`),
	)
	if err != nil || strings.Contains(string(answer), "m1") ||
		!strings.Contains(string(answer), `"itemIdentifier":"m2"`) {
		t.Errorf("it answers %s, %v", answer, err)
	}
}
