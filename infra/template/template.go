// Package template reads infra/template.yaml for the tests that hold it against the code: what a function reads of its
// environment, and what its role allows.
package template

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Template is what the tests need of the template.
type Template struct {
	Globals struct {
		Function struct {
			Environment environment `yaml:"Environment"`
		} `yaml:"Function"`
	} `yaml:"Globals"`
	Resources map[string]Resource `yaml:"Resources"`
}

type environment struct {
	Variables map[string]yaml.Node `yaml:"Variables"`
}

// Resource is a function or a role; other kinds have none of these properties.
type Resource struct {
	Type       string `yaml:"Type"`
	Properties struct {
		CodeURI     string      `yaml:"CodeUri"`
		Environment environment `yaml:"Environment"`
		Policies    []struct {
			PolicyName     string `yaml:"PolicyName"`
			PolicyDocument struct {
				Statement []Statement `yaml:"Statement"`
			} `yaml:"PolicyDocument"`
		} `yaml:"Policies"`
	} `yaml:"Properties"`
}

// Statement is one of a role's policy.
type Statement struct {
	Sid    string   `yaml:"Sid"`
	Action []string `yaml:"Action"`
}

// Read reads the template from a package that lies so many folders below the module.
func Read(up int) (*Template, error) {
	b, err := os.ReadFile(filepath.Join(strings.Repeat("../", up), "infra", "template.yaml"))
	if err != nil {
		return nil, err
	}
	var t Template
	// Properties of other resources have other shapes; only those of functions and roles are read.
	var whole struct {
		Globals   yaml.Node            `yaml:"Globals"`
		Resources map[string]yaml.Node `yaml:"Resources"`
	}
	if err := yaml.Unmarshal(b, &whole); err != nil {
		return nil, err
	}
	if err := whole.Globals.Decode(&t.Globals); err != nil {
		return nil, err
	}
	t.Resources = map[string]Resource{}
	for name, node := range whole.Resources {
		var kind struct {
			Type string `yaml:"Type"`
		}
		if err := node.Decode(&kind); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if kind.Type != "AWS::Serverless::Function" && kind.Type != "AWS::IAM::Role" {
			continue
		}
		var r Resource
		if err := node.Decode(&r); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		t.Resources[name] = r
	}
	return &t, nil
}

// Variables returns the environment of a function by the name of its folder.
func (t *Template) Variables(function string) map[string]bool {
	names := map[string]bool{}
	for name := range t.Globals.Function.Environment.Variables {
		names[name] = true
	}
	for _, r := range t.Resources {
		if r.Properties.CodeURI == "../build/"+function+"/" {
			for name := range r.Properties.Environment.Variables {
				names[name] = true
			}
		}
	}
	return names
}

// Functions returns the names of all functions.
func (t *Template) Functions() []string {
	var names []string
	for _, r := range t.Resources {
		if name, ok := strings.CutPrefix(r.Properties.CodeURI, "../build/"); ok {
			names = append(names, strings.TrimSuffix(name, "/"))
		}
	}
	return names
}

// Statements returns what the role of a function allows.
func (t *Template) Statements(function string) []Statement {
	for _, r := range t.Resources {
		for _, p := range r.Properties.Policies {
			if p.PolicyName == function {
				return p.PolicyDocument.Statement
			}
		}
	}
	return nil
}
