// Package cli is the command line of brevdue: commands that speak to a running installation, and split, which needs
// none. With --json a command prints one JSON value on standard output and nothing else.
//
// arguments -> [cli] -> /v1 of a server
package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"brevdue/internal/texts"
)

// Globals are the flags of every command.
type Globals struct {
	Server    string `help:"Serverens adresse." env:"BREVDUE_SERVER" default:"http://127.0.0.1:8080" placeholder:"URL"`
	Key       string `help:"API-nøgle; uden den bruges nøglen i datamappen." env:"BREVDUE_KEY" placeholder:"NØGLE"`
	Data      string `help:"Datamappe." env:"BREVDUE_DATA" default:".brevdue" type:"path" placeholder:"MAPPE"`
	MasterKey string `name:"master-key" help:"Fil med hovednøglen, som data er låst med; uden den master.key i datamappen." env:"BREVDUE_MASTER_KEY" type:"path" placeholder:"FIL"`
	JSON      bool   `name:"json" help:"Skriv én JSON-værdi og intet andet."`
	LoginFile string `name:"login-file" help:"Fil med, hvem der er logget ind (brevdue login)." env:"BREVDUE_LOGIN" type:"path" placeholder:"FIL" hidden:""`
}

// offline is the command that needs no server.
type offline struct {
	Split splitCommand `cmd:"" help:"Del en PDF i breve uden server."`
}

// SplitAlone is the grammar of split alone: reading that of all commands takes longer than many a split.
type SplitAlone struct {
	Globals
	offline
}

// Commands are the flags and commands; kong fills them in.
type Commands struct {
	Globals

	Upload     uploadCommand     `cmd:"" help:"Send en PDF: find modtagerne, del den i breve, og send dem."`
	Send       sendCommand       `cmd:"" help:"Send en forsendelse, der venter på gennemsyn."`
	Edit       editCommand       `cmd:"" help:"Ret delingen af en forsendelse, der venter på gennemsyn."`
	FilingPlan filingPlanCommand `cmd:"" help:"Vis emneplanen (KLE), eller læs en ny."`
	Profiles   profilesCommand   `cmd:"" help:"Vis eller ret profiler: hvordan fagsystemers breve ser ud."`
	Recipients recipientsCommand `cmd:"" help:"Modtagerlister: dem, I skriver til igen og igen."`
	Rehearse   rehearseCommand   `cmd:"" help:"Generalprøve: prøv en forsendelse, der er klar til gennemsyn, uden at sende den."`
	Proposals  proposalsCommand  `cmd:"" help:"Vis rettelser, der venter på to par øjne."`
	Approve    approveCommand    `cmd:"" help:"Godkend, hvad en anden vil sende."`
	Decline    declineCommand    `cmd:"" help:"Afvis det med en begrundelse."`
	Undo       undoCommand       `cmd:"" help:"Fortryd en afsendelse, der venter: forsendelsen kan rettes igen."`
	Pause      pauseCommand      `cmd:"" help:"Hold det tilbage, der ikke er sendt endnu."`
	Continue   continueCommand   `cmd:"" help:"Lad en forsendelse på pause gå videre."`
	Cancel     cancelCommand     `cmd:"" help:"Stop det, der ikke er sendt endnu."`
	Watch      watchCommand      `cmd:"" help:"Vent, til en forsendelse er færdig eller venter på dig."`
	Shipments  shipmentsCommand  `cmd:"" help:"Vis de seneste forsendelser."`
	Letters    lettersCommand    `cmd:"" help:"Vis brevene i en forsendelse."`
	Memo       memoCommand       `cmd:"" help:"Vis et brevs besked, som den blev sendt (XML)."`
	Document   documentCommand   `cmd:"" help:"Hent et brevs PDF."`
	Archive    archiveCommand    `cmd:"" help:"Find og hent, hvad der er arkiveret."`
	Inbox      inboxCommand      `cmd:"" help:"Vis, hvad andre har sendt til jer."`
	Unhandled  unhandledCommand  `cmd:"" help:"Vis, hvad der venter på nogen (Ubehandlet)."`
	Replay     replayCommand     `cmd:"" help:"Send igen."`
	Correct    correctCommand    `cmd:"" help:"Ret modtager eller emne på et brev, der fejlede, og send det."`
	Dismiss    dismissCommand    `cmd:"" help:"Markér som håndteret på anden måde, med en begrundelse."`
	Status     statusCommand     `cmd:"" help:"Vis, hvor alting står."`
	Check      checkCommand      `cmd:"" help:"Afprøv forbindelsen til Digital Post, arkiv og mail, uden at sende noget."`
	Stop       stopCommand       `cmd:"" help:"Stop al afsendelse nu."`
	Start      startCommand      `cmd:"" help:"Send igen fra nu af."`
	Audit      auditCommand      `cmd:"" help:"Vis, hvem der har set og gjort hvad."`
	Verify     verifyCommand     `cmd:"" help:"Efterprøv en dokumentation uden server."`
	Backup     backupCommand     `cmd:"" help:"Lav en sikkerhedskopi af hele installationen, også mens den kører."`
	Notices    noticesCommand    `cmd:"" help:"Få besked uden at kigge: hvem og hvad."`
	Login      loginCommand      `cmd:"" help:"Log ind som dig selv, så det, du gør herfra, er i dit navn."`
	Logout     logoutCommand     `cmd:"" help:"Log af igen."`
	offline
}

// Exit ends the program with a code and without a message.
type Exit int

func (e Exit) Error() string { return fmt.Sprintf("exit %d", int(e)) }

// waitsForPerson is the exit code when something waits for a person.
const waitsForPerson Exit = 3

// Env is where a command reads and writes.
type Env struct {
	Context  context.Context // ends when the user wants the command to end
	In       io.Reader
	Out, Err io.Writer
	Watched  bool // a person looks at Err
	*Globals
}

// print writes a value as JSON, or calls text. What could not be written is an error: half a list must not pass for
// one.
func (e *Env) print(value any, text func(w io.Writer)) error {
	var b bytes.Buffer
	if !e.JSON {
		text(&b)
		return e.write(visible(b.String()))
	}
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(value); err != nil {
		return err
	}
	return e.write(visibleJSON(b.String()))
}

// write writes as it is.
func (e *Env) write(text string) error {
	if _, err := io.WriteString(e.Out, text); err != nil {
		return fmt.Errorf("svaret kunne ikke skrives ud: %w", err)
	}
	return nil
}

// read reads a little from standard input.
func (e *Env) read() (string, error) {
	b, err := io.ReadAll(io.LimitReader(e.In, 100))
	return strings.TrimSpace(string(b)), err
}

// ErrInterrupted is the end of a command that its user broke off.
var ErrInterrupted = errors.New("afbrudt")

// printed is an error after an answer was printed: with --json that was the one value.
type printed struct{ error }

// Fail tells an error once, and returns the exit code.
func Fail(err error, asJSON bool, out, errOut io.Writer) int {
	var exit Exit
	if errors.As(err, &exit) {
		return int(exit)
	}
	if errors.Is(err, context.Canceled) {
		err = ErrInterrupted
	}
	text := texts.Error(err)
	if asJSON && !errors.As(err, &printed{}) {
		var b bytes.Buffer
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		_ = enc.Encode(map[string]any{"error": map[string]string{"text": text}}) // a bytes.Buffer does not fail
		_, _ = io.WriteString(out, visibleJSON(b.String()))
	}
	fmt.Fprintln(errOut, visible("brevdue: "+text))
	return 1
}

// apiKey returns the key to use: the one given, the log-in of a person, or the one in the data folder.
func (e *Env) apiKey() (string, error) {
	if e.Key != "" {
		return e.Key, nil
	}
	if token := e.loggedIn(); token != "" {
		return token, nil
	}
	b, err := os.ReadFile(filepath.Join(e.Data, "key"))
	if err != nil {
		return "", fmt.Errorf("der er ingen API-nøgle: giv --key, log ind med »brevdue login«, eller peg --data på "+
			"serverens datamappe (%w)", err)
	}
	return strings.TrimSpace(string(b)), nil
}
