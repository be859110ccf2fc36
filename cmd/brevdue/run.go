package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"slices"
	"time"

	"github.com/alecthomas/kong"
	"golang.org/x/term"

	"brevdue/internal/cli"
	"brevdue/internal/ident"
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
	Organization organizationCommand `cmd:"" help:"Opret, vis eller ret organisationer: for den, der driver installationen."`
	Users        usersCommand        `cmd:"" help:"Opret, vis, ret, importér og luk brugere: for en administrator eller den, der driver installationen."`
	Groups       groupsCommand       `cmd:"" help:"Opret, vis og ret adgangsgrupper."`
	Keys         keysCommand         `cmd:"" help:"Lav, vis og luk API-nøgler."`
}

// terminal is where a run of the program reads and writes.
type terminal struct {
	in       io.Reader
	out, err io.Writer
	watched  bool // a person looks at err
}

func standard() terminal {
	return terminal{os.Stdin, os.Stdout, os.Stderr, term.IsTerminal(int(os.Stderr.Fd()))}
}

// helpShown unwinds from kong when --help has been printed, with the exit code.
type helpShown int

// run parses the arguments, does what they say and returns the exit code. A panic is an error like any other.
func run(ctx context.Context, args []string, t terminal) (code int) {
	asJSON := slices.Contains(args, "--json")
	defer func() {
		switch x := recover().(type) {
		case nil:
		case helpShown:
			code = int(x)
		default:
			code = crashed(x, asJSON, t)
		}
	}()
	grammar, globals := grammarOf(args)
	parser, err := kong.New(grammar, kong.Name("brevdue"), kong.Description("Send, følg og arkivér Digital Post."),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.Exit(func(code int) { panic(helpShown(code)) }),
		kong.Writers(t.out, t.err), kong.ConfigureHelp(kong.HelpOptions{Compact: true}))
	if err != nil {
		return cli.Fail(err, asJSON, t.out, t.err)
	}
	return runParsed(ctx, parser, globals, args, asJSON, t)
}

// grammarOf is what a command line may say, and where the flags of every command are then.
func grammarOf(args []string) (grammar any, globals *cli.Globals) {
	if len(args) > 0 && args[0] == "split" {
		alone := &cli.SplitAlone{}
		return alone, &alone.Globals
	}
	all := &commands{}
	return all, &all.Globals
}

func runParsed(ctx context.Context, parser *kong.Kong, globals *cli.Globals, args []string, asJSON bool,
	t terminal) int {
	k, err := parser.Parse(args)
	if err != nil {
		var parse *kong.ParseError
		if errors.As(err, &parse) && !asJSON {
			fmt.Fprintln(t.err, "brevdue: "+err.Error()+"\nSe hjælpen med: brevdue "+parse.Context.Command()+" --help")
			return 1
		}
		return cli.Fail(err, asJSON, t.out, t.err)
	}
	env := &cli.Env{Context: ctx, In: t.in, Out: t.out, Err: t.err, Watched: t.watched, Globals: globals}
	if err := obey(ctx, k, env); err != nil {
		return cli.Fail(err, globals.JSON, t.out, t.err)
	}
	return 0
}

// exitWithin is how long a command that was broken off may take to end in order.
const exitWithin = 2 * time.Second

// panicked is a panic of a command, with its stack.
type panicked struct {
	what  any
	stack []byte
}

// obey runs a command, and ends it when ctx does. A service ends by itself when its jobs are done.
func obey(ctx context.Context, k *kong.Context, env *cli.Env) error {
	if name := k.Command(); name == "serve" || name == "simulator" {
		return k.Run(env)
	}
	done, died := make(chan error, 1), make(chan panicked, 1)
	go func() {
		defer func() {
			if x := recover(); x != nil {
				died <- panicked{x, debug.Stack()}
			}
		}()
		done <- k.Run(env)
	}()
	var late <-chan time.Time
	asked := ctx.Done()
	for {
		select {
		case err := <-done:
			return err
		case p := <-died:
			panic(p)
		case <-asked:
			asked, late = nil, time.After(exitWithin)
		case <-late:
			return cli.ErrInterrupted
		}
	}
}

// crashed tells a panic: a sentence for whoever runs the command, and the stack for whoever mends it.
func crashed(x any, asJSON bool, t terminal) int {
	stack := debug.Stack()
	if p, ok := x.(panicked); ok {
		x, stack = p.what, p.stack
	}
	what := ident.Mask(fmt.Sprint(x))
	fmt.Fprintf(t.err, "panic: %s\n%s\n", what, stack)
	return cli.Fail(errors.New("en fejl i Brevdue selv, og kommandoen er ikke gjort færdig: "+what+
		"\nSend linjerne ovenfor til den, der vedligeholder Brevdue."), asJSON, t.out, t.err)
}
