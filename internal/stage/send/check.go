package send

import (
	"context"
	"errors"
	"time"

	"brevdue/internal/post"
	"brevdue/internal/sentence"
)

// Checker tries all that sending needs, without a letter.
type Checker struct {
	Checks  post.Checks
	Prober  post.Prober
	Archive func(ctx context.Context, org string) error // reads the archive
	Mails   func() bool                                 // notices are sent by mail
	Now     func() time.Time
}

// Bounds of what is fine.
const (
	certificateSoon = 60 * 24 * time.Hour
	skewMost        = 2 * time.Minute
)

// check does a check that was asked for. One that was done is done.
func (h *Handler) check(ctx context.Context, j post.Job) error {
	c, err := h.Checker.Checks.Check(ctx, j.Org, j.Check)
	if errors.Is(err, post.ErrNotFound) || err == nil && !c.Ended.IsZero() { // it is too old, or the job came twice
		return nil
	}
	if err != nil {
		return err
	}
	p, err := h.Checker.Prober.Probe(ctx, j.Org)
	if err != nil {
		return err
	}
	c.Lines = append(h.Checker.connection(p), h.Checker.answers(p)...)
	c.Lines = append(c.Lines, h.Checker.ours(ctx, j.Org)...)
	c.Ended = h.Now()
	return h.Checker.Checks.PutCheck(ctx, c)
}

func line(part post.CheckPart, state post.CheckState, text, do sentence.Sentence) post.CheckLine {
	return post.CheckLine{Part: part, State: state, Text: text, Do: do}
}

// connection looks at what comes before any question: address, certificate, system, clock.
func (c *Checker) connection(p post.Probe) []post.CheckLine {
	lines := []post.CheckLine{line(post.CheckAddress, post.CheckOK, sentence.Of("check-address"), "")}
	if p.Unreachable != nil {
		lines[0] = line(post.CheckAddress, post.CheckWrong, sentence.Of("check-no-address", p.Unreachable.Error()),
			sentence.Of("check-no-address-do"))
	}
	lines = append(lines, c.certificate(p))
	system := line(post.CheckSystem, post.CheckOK, sentence.Of("check-system", p.SystemID), "")
	if p.SystemID == "" {
		system = line(post.CheckSystem, post.CheckWarning, sentence.Of("check-no-system"),
			sentence.Of("check-no-system-do"))
	}
	lines = append(lines, system)
	if p.Unreachable == nil {
		clock := line(post.CheckClock, post.CheckOK, sentence.Of("check-clock"), "")
		if p.Skew.Abs() > skewMost {
			clock = line(post.CheckClock, post.CheckWrong,
				sentence.Of("check-clock-off", p.Skew.Round(time.Second).String()), sentence.Of("check-clock-do"))
		}
		lines = append(lines, clock)
	}
	return lines
}

func (c *Checker) certificate(p post.Probe) post.CheckLine {
	end, now := p.CertificateEnd, c.Now()
	day := end.In(post.Denmark()).Format("2.1.2006")
	switch {
	case !p.Certificate:
		return line(post.CheckCertificate, post.CheckWarning, sentence.Of("check-no-certificate"),
			sentence.Of("check-no-certificate-do"))
	case !end.After(now):
		return line(post.CheckCertificate, post.CheckWrong, sentence.Of("check-certificate-ended", day),
			sentence.Of("check-certificate-do"))
	case end.Before(now.Add(certificateSoon)):
		return line(post.CheckCertificate, post.CheckWarning, sentence.Of("check-certificate", day),
			sentence.Of("check-certificate-do"))
	}
	return line(post.CheckCertificate, post.CheckOK, sentence.Of("check-certificate", day), "")
}

// answers looks at what Digital Post says to each question.
func (c *Checker) answers(p post.Probe) []post.CheckLine {
	if p.Unreachable != nil {
		return nil
	}
	var lines []post.CheckLine
	for _, q := range []struct {
		part   post.CheckPart
		status int
		name   sentence.Sentence
	}{
		{post.CheckReceipts, p.Receipts, `§["check-receipts"]`}, {post.CheckMailbox, p.Mailbox, `§["check-mailbox"]`},
		{post.CheckLookUp, p.LookUp, `§["check-look-up"]`},
	} {
		lines = append(lines, answered(q.part, q.status, q.name))
	}
	return lines
}

func answered(part post.CheckPart, status int, name sentence.Sentence) post.CheckLine {
	switch {
	case status == 200:
		return line(part, post.CheckOK, sentence.Of("check-answers", name), "")
	case status == 401 || status == 403:
		return line(part, post.CheckWrong, sentence.Of("check-refused", name, status), sentence.Of("check-refused-do"))
	case part == post.CheckLookUp: // without it letters leave as not looked up
		return line(part, post.CheckWarning, sentence.Of("check-no-look-up", status),
			sentence.Of("check-no-look-up-do"))
	}
	return line(part, post.CheckWrong, sentence.Of("check-strange", name, status), sentence.Of("check-strange-do"))
}

// ours looks at what is on this side: archive and mail.
func (c *Checker) ours(ctx context.Context, org string) []post.CheckLine {
	archive := line(post.CheckArchive, post.CheckOK, sentence.Of("check-archive"), "")
	if err := c.Archive(ctx, org); err != nil {
		archive = line(post.CheckArchive, post.CheckWrong, sentence.Of("check-no-archive", err.Error()),
			sentence.Of("check-no-archive-do"))
	}
	mail := line(post.CheckMail, post.CheckOK, sentence.Of("check-mail"), "")
	if !c.Mails() {
		mail = line(post.CheckMail, post.CheckWarning, sentence.Of("check-no-mail"), sentence.Of("check-no-mail-do"))
	}
	return []post.CheckLine{archive, mail}
}
