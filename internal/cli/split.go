package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"sync/atomic"
	"time"

	"brevdue/internal/ident"
	"brevdue/internal/parallel"
	"brevdue/internal/post"
	"brevdue/internal/sentence"
	"brevdue/internal/splitter"
	"brevdue/internal/texts"
)

type splitCommand struct {
	File   string   `arg:"" help:"PDF med breve." type:"existingfile"`
	Rule   string   `help:"Hvor nummeret står." enum:"first-page,every-page" default:"first-page"`
	Sender []string `help:"Afsenderens egne CVR-numre, der ikke er modtagere."`
	Names  string   `help:"Liste med numre og navne (CSV), som brevene holdes op imod." type:"existingfile" placeholder:"FIL"`
	Label  string   `help:"Det, der står foran modtagerens nummer, hvor på siden det end er."`
	Begins string   `help:"Det, der står på hvert brevs første side og ikke på andre."`
	Remove bool     `name:"remove-cpr" help:"Fjern modtagerens CPR-nummer fra brevene."`
	Out    string   `help:"Mappe til brevene: 0001.pdf, 0002.pdf … Uden den skrives intet." type:"path"`
}

// memoryBeside is what split takes in memory beside the file itself, before it cleans up more often.
const memoryBeside = 48 << 20

// splitting is what split prints.
type splitting struct {
	Letters  []letter  `json:"letters"`
	Findings []finding `json:"findings"`
}

// Run splits a document without a server.
func (x *splitCommand) Run(e *Env) error {
	data, err := os.ReadFile(x.File)
	if err != nil {
		return err
	}
	debug.SetMemoryLimit(int64(len(data)) + memoryBeside)
	debug.SetGCPercent(-1) // a short process: it cleans up at the limit, which most files never reach
	options := splitter.Options{Rule: splitter.Rule(x.Rule), Label: x.Label, Begins: x.Begins, Today: time.Now()}
	for _, text := range x.Sender {
		n, err := ident.ParseCVR(text)
		if err != nil {
			return fmt.Errorf("--sender %s er ikke et CVR-nummer", text)
		}
		options.Sender = append(options.Sender, n)
	}
	if options.Names, err = x.names(); err != nil {
		return told(err)
	}
	plan, err := splitter.Make(e.Context, data, options)
	var p *splitter.Problem
	if err != nil && !errors.As(err, &p) {
		return err
	}
	result, held := splittingOf(plan, p)
	if x.Out != "" && plan != nil {
		left, err := x.writeLetters(e.Context, plan)
		if err != nil {
			return err
		}
		held = result.leaveOut(left) || held
	}
	if err := e.print(result, func(w io.Writer) { printSplitting(w, result) }); err != nil {
		return err
	}
	if held {
		return waitsForPerson
	}
	return nil
}

// splittingOf returns what was found, and whether something is held back.
func splittingOf(plan *splitter.Plan, p *splitter.Problem) (splitting, bool) {
	result := splitting{Letters: []letter{}, Findings: []finding{}}
	held := p != nil
	if p != nil {
		result.Findings = append(result.Findings, finding{string(p.Code), []int{}, reasonOf(p.Code, p.Text)})
	}
	if plan == nil {
		return result, held
	}
	for _, f := range plan.Findings {
		held = held || post.Finding{Code: post.FindingCode(f.Code)}.HoldsBack()
		pages := f.Pages
		if pages == nil {
			pages = []int{}
		}
		result.Findings = append(result.Findings, finding{string(f.Code), pages, texts.Of(f.Text)})
	}
	outline := plan.Outline()
	for i, segment := range plan.Segments {
		l := letter{
			Name:      outline.Letters[i].Name,
			Findings:  codesOf(outline.Letters[i].Findings),
			Number:    i + 1,
			FirstPage: segment.First,
			LastPage:  segment.Last,
			State:     string(post.Created),
		}
		if !segment.Recipient.IsZero() {
			l.Recipient = &recipient{string(segment.Recipient.Kind()), segment.Recipient.Reveal()}
		}
		if segment.Problem != "" {
			why := segment.Reason
			if why != "" {
				why = sentence.Of("held-because", why)
			}
			l.State, l.Failure = string(post.Failed), &failure{string(segment.Problem), reasonOf(segment.Problem, why)}
		}
		result.Letters = append(result.Letters, l)
	}
	return result, held
}

// reasonOf returns what a user reads of why something is held back.
func reasonOf(code splitter.Code, text sentence.Sentence) string {
	return texts.Problem(&post.Problem{Code: post.Code(code), Text: text})
}

// told returns what a user reads of an error of the splitter.
func told(err error) error {
	var p *splitter.Problem
	if errors.As(err, &p) {
		return errors.New(reasonOf(p.Code, p.Text))
	}
	return err
}

func codesOf(findings []splitter.FindingCode) []post.FindingCode {
	codes := make([]post.FindingCode, len(findings))
	for i, f := range findings {
		codes[i] = post.FindingCode(f)
	}
	return codes
}

// names reads the list of names, if one was given.
func (x *splitCommand) names() (map[ident.Number]string, error) {
	if x.Names == "" {
		return nil, nil
	}
	b, err := os.ReadFile(x.Names)
	if err != nil {
		return nil, err
	}
	return splitter.ReadNames(b)
}

// writeLetters writes the letters on all cores. It returns why a letter was not written, by its place; "" where it was.
func (x *splitCommand) writeLetters(ctx context.Context, plan *splitter.Plan) (left []string, err error) {
	if err := os.MkdirAll(x.Out, 0o700); err != nil {
		return nil, err
	}
	left = make([]string, len(plan.Segments))
	var next atomic.Int64
	workers := min(runtime.GOMAXPROCS(0), len(plan.Segments)) // each writes many letters
	return left, parallel.Goroutines{}.Run(ctx, workers, 0, func(int) error {
		c := plan.Cutter()
		for i := int(next.Add(1)) - 1; i < len(left); i = int(next.Add(1)) - 1 {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			why, err := x.writeLetter(c, plan, i)
			if left[i] = why; err != nil {
				return err
			}
		}
		return nil
	})
}

// leaveOut tells which letters were not written, and reports whether there are any.
func (s *splitting) leaveOut(left []string) (any bool) {
	for i, why := range left {
		if why == "" {
			continue
		}
		any = true
		l := &s.Letters[i]
		l.State, l.Failure = string(post.Failed), &failure{string(post.UnreadablePage), why}
		s.Findings = append(s.Findings, finding{string(post.UnreadablePage), []int{l.FirstPage}, why})
	}
	return any
}

func (x *splitCommand) writeLetter(c *splitter.Cutter, plan *splitter.Plan, i int) (left string, err error) {
	var content []byte
	if whole, ok := plan.KeptWhole(); ok && !x.Remove {
		content = whole
	} else if !x.Remove {
		content = c.Cut(plan.Segments[i])
	} else if content, err = c.CutWithout(plan.Segments[i]); err != nil {
		return texts.Of(splitter.NotRemoved), nil
	}
	if c.Lost() {
		return texts.Of(splitter.NotCut), nil
	}
	if err := plan.Spend(len(content)); err != nil {
		return "", told(err)
	}
	return "", os.WriteFile(filepath.Join(x.Out, fmt.Sprintf("%04d.pdf", i+1)), content, 0o600)
}

func printSplitting(w io.Writer, s splitting) {
	printLetters(w, s.Letters)
	for _, f := range s.Findings {
		where := ""
		if len(f.Pages) > 0 {
			where = texts.Pages(f.Pages) + ": "
		}
		fmt.Fprintf(w, "%s: %s%s\n", f.Code, where, f.Text)
	}
}
