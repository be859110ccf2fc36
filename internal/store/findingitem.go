package store

import (
	"strconv"
	"strings"

	"brevdue/internal/post"
	"brevdue/internal/sentence"
)

// findingBody is a finding as it is stored. Many pages are stored as runs: a finding about each letter of thousands
// would else make the shipment's header larger than an item may be, and slow to read.
type findingBody struct {
	Code  post.FindingCode  `json:"code"`
	Pages []int             `json:"pages"`
	Runs  string            `json:"runs,omitempty"` // instead of Pages: "3-9,12,20-40/2"
	Text  sentence.Sentence `json:"text"`
}

// fewPages is up to how many pages a finding's are stored one by one, as the version before did it: it reads no runs.
const fewPages = 500

func findingBodies(findings []post.Finding) []findingBody {
	if findings == nil {
		return nil
	}
	bodies := make([]findingBody, len(findings))
	for i, f := range findings {
		bodies[i] = findingBody{Code: f.Code, Pages: f.Pages, Text: f.Text}
		if runs, ok := runsOf(f.Pages); ok && len(f.Pages) > fewPages {
			bodies[i].Pages, bodies[i].Runs = nil, runs
		}
	}
	return bodies
}

func findingsOf(bodies []findingBody) []post.Finding {
	if bodies == nil {
		return nil
	}
	findings := make([]post.Finding, len(bodies))
	for i, b := range bodies {
		findings[i] = post.Finding{Code: b.Code, Pages: b.Pages, Text: b.Text}
		if b.Runs != "" {
			findings[i].Pages = pagesOf(b.Runs)
		}
	}
	return findings
}

// runsOf writes pages that grow as runs of equal steps. Others it leaves.
func runsOf(pages []int) (runs string, ok bool) {
	var b strings.Builder
	for i := 0; i < len(pages); {
		if pages[i] < 1 || i > 0 && pages[i] <= pages[i-1] {
			return "", false
		}
		end, step := i, 0
		if i+1 < len(pages) {
			step = pages[i+1] - pages[i]
		}
		for end+1 < len(pages) && step > 0 && pages[end+1]-pages[end] == step {
			end++
		}
		if end < i+2 { // two pages are shorter one by one
			end, step = i, 0
		}
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.Itoa(pages[i]))
		if step > 0 {
			b.WriteString("-" + strconv.Itoa(pages[end]))
		}
		if step > 1 {
			b.WriteString("/" + strconv.Itoa(step))
		}
		i = end + 1
	}
	return b.String(), true
}

// pagesOf reads what runsOf has written.
func pagesOf(runs string) []int {
	var pages []int
	for run := range strings.SplitSeq(runs, ",") {
		run, by, stepped := strings.Cut(run, "/")
		from, to, long := strings.Cut(run, "-")
		first, _ := strconv.Atoi(from) // only runsOf writes them
		last, step := first, 1
		if long {
			last, _ = strconv.Atoi(to)
		}
		if stepped {
			step, _ = strconv.Atoi(by)
		}
		for page := first; page <= last && page > 0 && step > 0; page += step {
			pages = append(pages, page)
		}
	}
	return pages
}
