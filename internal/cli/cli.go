// Package cli is the command line of brevdue: commands that speak to a running installation, and split, which needs
// none. With --json a command prints one JSON value on standard output and nothing else.
//
// arguments -> [cli] -> /v1 of a server
package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// Commands are the flags and commands; kong fills them in.
type Commands struct {
	Server string `help:"Serverens adresse." env:"BREVDUE_SERVER" default:"http://127.0.0.1:8080" placeholder:"URL"`
	Key    string `help:"API-nøgle; uden den bruges nøglen i datamappen." env:"BREVDUE_KEY" placeholder:"NØGLE"`
	Data   string `help:"Datamappe." env:"BREVDUE_DATA" default:".brevdue" type:"path" placeholder:"MAPPE"`
	JSON   bool   `name:"json" help:"Skriv én JSON-værdi og intet andet."`

	Upload    uploadCommand    `cmd:"" help:"Send en PDF: find modtagerne, del den i breve, og send dem."`
	Send      sendCommand      `cmd:"" help:"Send en forsendelse, der venter på gennemsyn."`
	Edit      editCommand      `cmd:"" help:"Ret delingen af en forsendelse, der venter på gennemsyn."`
	Profiles  profilesCommand  `cmd:"" help:"Vis eller ret profiler: hvordan fagsystemers breve ser ud."`
	Cancel    cancelCommand    `cmd:"" help:"Stop det, der ikke er sendt endnu."`
	Watch     watchCommand     `cmd:"" help:"Vent, til en forsendelse er færdig eller venter på dig."`
	Shipments shipmentsCommand `cmd:"" help:"Vis de seneste forsendelser."`
	Letters   lettersCommand   `cmd:"" help:"Vis brevene i en forsendelse."`
	Memo      memoCommand      `cmd:"" help:"Vis et brevs besked, som den blev sendt (XML)."`
	Document  documentCommand  `cmd:"" help:"Hent et brevs PDF."`
	Inbox     inboxCommand     `cmd:"" help:"Vis, hvad andre har sendt til jer."`
	Unhandled unhandledCommand `cmd:"" help:"Vis, hvad der venter på nogen (Ubehandlet)."`
	Replay    replayCommand    `cmd:"" help:"Send igen."`
	Correct   correctCommand   `cmd:"" help:"Ret modtager eller emne på et brev, der fejlede, og send det."`
	Dismiss   dismissCommand   `cmd:"" help:"Markér som håndteret på anden måde, med en begrundelse."`
	Status    statusCommand    `cmd:"" help:"Vis, hvor alting står."`
	Stop      stopCommand      `cmd:"" help:"Stop al afsendelse nu."`
	Start     startCommand     `cmd:"" help:"Send igen fra nu af."`
	Audit     auditCommand     `cmd:"" help:"Vis, hvem der har set og gjort hvad."`
	Verify    verifyCommand    `cmd:"" help:"Efterprøv en dokumentation uden server."`
	Backup    backupCommand    `cmd:"" help:"Lav en sikkerhedskopi af hele installationen, også mens den kører."`
	Notices   noticesCommand   `cmd:"" help:"Få besked uden at kigge: hvem og hvad."`
	Split     splitCommand     `cmd:"" help:"Del en PDF i breve uden server."`
}

// Exit ends the program with a code and without a message.
type Exit int

func (e Exit) Error() string { return fmt.Sprintf("exit %d", int(e)) }

// waitsForPerson is the exit code when something waits for a person.
const waitsForPerson Exit = 3

// Env is where a command reads and writes.
type Env struct {
	In       io.Reader
	Out, Err io.Writer
	Watched  bool // a person looks at Err
	*Commands
}

// print writes a value as JSON, or calls text.
func (e *Env) print(value any, text func(w io.Writer)) error {
	if !e.JSON {
		text(e.Out)
		return nil
	}
	enc := json.NewEncoder(e.Out)
	enc.SetEscapeHTML(false)
	return enc.Encode(value)
}

// Fail tells an error once, and returns the exit code.
func Fail(err error, asJSON bool, out, errOut io.Writer) int {
	var exit Exit
	if errors.As(err, &exit) {
		return int(exit)
	}
	if asJSON {
		_ = json.NewEncoder(out).Encode(map[string]any{"error": map[string]string{"text": err.Error()}})
	}
	fmt.Fprintln(errOut, "brevdue: "+err.Error())
	return 1
}

// apiKey returns the key to use: the one given, or the one in the data folder.
func (e *Env) apiKey() (string, error) {
	if e.Key != "" {
		return e.Key, nil
	}
	b, err := os.ReadFile(filepath.Join(e.Data, "key"))
	if err != nil {
		return "", fmt.Errorf("der er ingen API-nøgle: giv --key, eller peg --data på serverens datamappe (%w)", err)
	}
	return strings.TrimSpace(string(b)), nil
}
