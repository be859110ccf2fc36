package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/alecthomas/kong"
	"golang.org/x/term"

	"brevdue/internal/cli"
)

// version is set by the Makefile.
var version = "(dev)"

// commands are all commands of the binary.
type commands struct {
	cli.Commands
	Serve        serveCommand        `cmd:"" help:"Start hele Brevdue på denne maskine."`
	Simulator    simulatorCommand    `cmd:"" help:"Start Digital Posts simulator for sig selv."`
	Resume       resumeCommand       `cmd:"" help:"Lad en installation, der er gendannet fra en sikkerhedskopi, sende igen."`
	Incident     incidentCommand     `cmd:"" help:"Hent dokumentationen for en forsendelse til den databeskyttelsesansvarlige."`
	Restore      restoreCommand      `cmd:"" help:"Lav en datamappe af en sikkerhedskopi. Intet bliver sendt, før »resume«."`
	Organization organizationCommand `cmd:"" help:"Opret en organisation i en installation på AWS."`
}

// run parses the arguments, does what they say and returns the exit code.
func run(ctx context.Context, args []string) int {
	var c commands
	asJSON := slices.Contains(args, "--json")
	code := 0
	parser, err := kong.New(&c, kong.Name("brevdue"), kong.Description("Send, følg og arkivér Digital Post."),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.Exit(func(c int) { code = c; panic(stopped{}) }), kong.ConfigureHelp(kong.HelpOptions{Compact: true}))
	if err != nil {
		return cli.Fail(err, asJSON, os.Stdout, os.Stderr)
	}
	defer func() { _ = recover() }()
	return runParsed(parser, &c, args, asJSON, &code)
}

// stopped unwinds from kong when --help has been printed.
type stopped struct{}

func runParsed(parser *kong.Kong, c *commands, args []string, asJSON bool, code *int) (result int) {
	defer func() {
		if x := recover(); x != nil {
			if _, ok := x.(stopped); !ok {
				panic(x)
			}
			result = *code
		}
	}()
	k, err := parser.Parse(args)
	if err != nil {
		var parse *kong.ParseError
		if errors.As(err, &parse) && !asJSON {
			fmt.Fprintln(os.Stderr, "brevdue: "+err.Error()+"\nSe hjælpen med: brevdue "+parse.Context.Command()+" --help")
			return 1
		}
		return cli.Fail(err, asJSON, os.Stdout, os.Stderr)
	}
	env := &cli.Env{In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Watched: term.IsTerminal(int(os.Stderr.Fd())), Commands: &c.Commands}
	if err := k.Run(env); err != nil {
		return cli.Fail(err, c.JSON, os.Stdout, os.Stderr)
	}
	return 0
}
