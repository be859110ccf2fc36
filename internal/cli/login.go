package cli

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/term"
)

// login is who is logged in at this command line, and where.
type login struct {
	Server string `json:"server"`
	Token  string `json:"token"`
	User   string `json:"user"`
}

// loginFile is where the log-in is kept.
func (e *Env) loginFile() (string, error) {
	if e.LoginFile != "" {
		return e.LoginFile, nil
	}
	folder, err := os.UserConfigDir()
	if err != nil {
		return "", fmt.Errorf("der er intet sted at gemme, at du er logget ind: sæt BREVDUE_LOGIN (%w)", err)
	}
	return filepath.Join(folder, "brevdue", "login.json"), nil
}

// loggedIn returns the token of whoever is logged in to the server; "" for nobody.
func (e *Env) loggedIn() string {
	file, err := e.loginFile()
	if err != nil {
		return ""
	}
	b, err := os.ReadFile(file)
	var l login
	if err != nil || json.Unmarshal(b, &l) != nil || l.Server != strings.TrimSuffix(e.Server, "/") {
		return ""
	}
	return l.Token
}

type loginCommand struct {
	User string `arg:"" help:"Brugernavnet."`
}

// Run logs a person in. The code is typed, or read from standard input.
func (x *loginCommand) Run(e *Env) error {
	code, err := e.askCode()
	if err != nil {
		return err
	}
	file, err := e.loginFile()
	if err != nil {
		return err
	}
	c, err := e.anonymous()
	if err != nil {
		return err
	}
	var answer struct {
		Token        string `json:"token"`
		User         string `json:"user"`
		Organization string `json:"organization"`
	}
	body := map[string]string{"user": x.User, "code": code}
	if err := c.call(http.MethodPost, "/v1/login", body, &answer); err != nil {
		return err
	}
	b, err := json.Marshal(login{strings.TrimSuffix(e.Server, "/"), answer.Token, answer.User})
	if err != nil {
		return err
	}
	if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o700), os.WriteFile(file, b, 0o600)); err != nil {
		return fmt.Errorf("log ind kan ikke gemmes: %w", err)
	}
	return e.print(map[string]string{"user": answer.User, "organization": answer.Organization}, func(w io.Writer) {
		fmt.Fprintf(w, "Du er logget ind som %s i %s.\n", answer.User, answer.Organization)
	})
}

// askCode reads a code without showing it.
func (e *Env) askCode() (string, error) {
	if in, ok := e.In.(*os.File); ok && term.IsTerminal(int(in.Fd())) {
		fmt.Fprint(e.Err, "Kode: ")
		b, err := term.ReadPassword(int(in.Fd()))
		fmt.Fprintln(e.Err)
		return string(b), err
	}
	line, err := bufio.NewReader(e.In).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	return strings.TrimSpace(line), nil
}

type logoutCommand struct{}

// Run logs a person out.
func (x *logoutCommand) Run(e *Env) error {
	file, err := e.loginFile()
	if err != nil {
		return err
	}
	if token := e.loggedIn(); token != "" {
		c, err := e.anonymous()
		if err != nil {
			return err
		}
		c.key = token
		var answer struct{}
		if err := c.call(http.MethodPost, "/v1/logout", nil, &answer); err != nil {
			fmt.Fprintln(e.Err, "brevdue:", err) // it ends by itself
		}
	}
	if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return e.print(map[string]string{}, func(w io.Writer) { fmt.Fprintln(w, "Du er logget af.") })
}
