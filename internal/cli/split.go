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
	"sync"

	"brevdue/internal/ident"
	"brevdue/internal/post"
	"brevdue/internal/stage/split"
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
	options := split.Options{Rule: post.Rule(x.Rule), Label: x.Label, Begins: x.Begins}
	for _, text := range x.Sender {
		n, err := ident.ParseCVR(text)
		if err != nil {
			return fmt.Errorf("--sender %s er ikke et CVR-nummer", text)
		}
		options.Sender = append(options.Sender, n)
	}
	if options.Names, err = x.names(); err != nil {
		return err
	}
	plan, err := split.Make(context.Background(), data, options)
	var p *post.Problem
	if err != nil && !errors.As(err, &p) {
		return err
	}
	result, held := splittingOf(plan, p)
	if x.Out != "" && plan != nil {
		left, err := x.writeLetters(plan)
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
func splittingOf(plan *split.Plan, p *post.Problem) (splitting, bool) {
	result := splitting{Letters: []letter{}, Findings: []finding{}}
	held := p != nil
	if p != nil {
		result.Findings = append(result.Findings, finding{string(p.Code), []int{}, p.Danish()})
	}
	if plan == nil {
		return result, held
	}
	for _, f := range plan.Findings {
		held = held || f.HoldsBack()
		pages := f.Pages
		if pages == nil {
			pages = []int{}
		}
		result.Findings = append(result.Findings, finding{string(f.Code), pages, f.Text})
	}
	outline := plan.Outline()
	for i, piece := range plan.Pieces {
		l := letter{Name: outline.Letters[i].Name, Findings: outline.Letters[i].Findings, Number: i + 1, FirstPage: piece.First, LastPage: piece.Last, State: string(post.Created)}
		if !piece.Recipient.IsZero() {
			l.Recipient = &recipient{string(piece.Recipient.Kind()), piece.Recipient.Reveal()}
		}
		if piece.Problem != "" {
			l.State, l.Failure = string(post.Failed), &failure{string(piece.Problem), post.Explain(piece.Problem).Why}
		}
		result.Letters = append(result.Letters, l)
	}
	return result, held
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
	return split.ReadNames(b)
}

// writeLetters writes the letters on all cores. What it returns are those whose number could not be proven to be gone.
func (x *splitCommand) writeLetters(plan *split.Plan) (left []int, err error) {
	if err := os.MkdirAll(x.Out, 0o700); err != nil {
		return nil, err
	}
	cutters := sync.Pool{New: func() any { return plan.Cutter() }}
	there := make([]bool, len(plan.Pieces))
	err = post.Together(context.Background(), len(plan.Pieces), runtime.GOMAXPROCS(0), func(i int) (err error) {
		c := cutters.Get().(*split.Cutter)
		defer cutters.Put(c)
		there[i], err = x.writeLetter(c, i, plan.Pieces[i])
		return err
	})
	for i := range there {
		if !there[i] {
			left = append(left, i)
		}
	}
	return left, err
}

// leaveOut tells which letters were not written, and reports whether there are any.
func (s *splitting) leaveOut(letters []int) bool {
	for _, i := range letters {
		l := &s.Letters[i]
		l.State, l.Failure = string(post.Failed), &failure{string(post.UnreadablePage), split.NotRemoved}
		s.Findings = append(s.Findings, finding{string(post.UnreadablePage), []int{l.FirstPage}, split.NotRemoved})
	}
	return len(letters) > 0
}

func (x *splitCommand) writeLetter(c *split.Cutter, i int, piece split.Piece) (written bool, err error) {
	var content []byte
	if !x.Remove {
		content = c.Cut(piece)
	} else if content, err = c.CutWithout(piece); err != nil {
		return false, nil // it is left out, and told
	}
	return true, os.WriteFile(filepath.Join(x.Out, fmt.Sprintf("%04d.pdf", i+1)), content, 0o600)
}

func printSplitting(w io.Writer, s splitting) {
	printLetters(w, s.Letters)
	for _, f := range s.Findings {
		where := ""
		if len(f.Pages) > 0 {
			where = post.PageList(f.Pages) + ": "
		}
		fmt.Fprintf(w, "%s: %s%s\n", f.Code, where, f.Text)
	}
}
