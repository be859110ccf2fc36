// Package tesseract reads pictures of pages with Tesseract, drawn by Poppler's pdftoppm; both are programs of their
// own.
//
// Invariant: nothing of a page is left on disk.
//
// PDF of one page -> [tesseract] -> text, as a machine guesses it
package tesseract

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// Recognizer implements post.Recognizer.
type Recognizer struct{ language string }

// New finds the programs. The language is one that Tesseract has data for: "dan".
func New(language string) (*Recognizer, error) {
	for _, program := range []string{"tesseract", "pdftoppm"} {
		if _, err := exec.LookPath(program); err != nil {
			return nil, fmt.Errorf(
				"ocr: %s is not installed (Debian: tesseract-ocr, tesseract-ocr-%s, poppler-utils)",
				program,
				language,
			)
		}
	}
	out, err := exec.Command("tesseract", "--list-langs").Output()
	if err != nil {
		return nil, fmt.Errorf("ocr: %w", err)
	}
	for line := range strings.Lines(string(out)) {
		if strings.TrimSpace(line) == language {
			return &Recognizer{language}, nil
		}
	}
	return nil, fmt.Errorf(
		"ocr: tesseract has no data for the language %q (Debian: tesseract-ocr-%s)",
		language,
		language,
	)
}

// Limits of one page: how long it may take, and how finely it is drawn, in dots per inch.
const (
	timeout    = 60 * time.Second
	resolution = "300"
)

// Recognize implements post.Recognizer.
func (r *Recognizer) Recognize(ctx context.Context, page []byte) (text string, err error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	dir, err := os.MkdirTemp("", "brevdue-ocr-")
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	file := filepath.Join(dir, "page.pdf")
	if err := os.WriteFile(file, page, 0o600); err != nil {
		return "", err
	}
	if err := run(exec.CommandContext(ctx, "pdftoppm", "-r", resolution, "-gray", "-png", "-singlefile", file,
		filepath.Join(dir, "page"))); err != nil {
		return "", err
	}
	cmd := exec.CommandContext(
		ctx,
		"tesseract",
		filepath.Join(dir, "page.png"),
		"stdout",
		"-l",
		r.language,
		"--psm",
		"4",
	)
	cmd.Env = append(os.Environ(), "OMP_THREAD_LIMIT=1") // pages are read at the same time, a core each
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("tesseract: %w", err)
	}
	return string(out), nil
}

// run runs a program whose complaints are no part of the error: they may repeat what stands on the page.
func run(cmd *exec.Cmd) error {
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w", filepath.Base(cmd.Path), err)
	}
	return nil
}
