package fake

import (
	"strings"
	"time"

	"brevdue/internal/memo"
	"brevdue/internal/post"
)

// Ending is what a CPR number that ends with these four digits does.
type Ending struct {
	Digits string
	Does   string
	apply  func(*course)
}

// course is what happens to one message. The zero value is: taken in, completed.
type course struct {
	unavailable time.Duration // 503 for so long after the first try
	broken      bool          // 500 every time
	refuse      string        // 400 with this field error
	hang        bool          // taken in, but the answer never comes
	early       bool          // the receipt is there before the answer
	silent      bool          // never a receipt
	twice       bool          // the receipt comes twice
	status      string        // of the receipt, when not COMPLETED
	code        string        // errorCode of the receipt
	late        time.Duration // the receipt comes so much later
	until       time.Time     // doNotDeliverUntilDate: its receipt comes no earlier
	onlyFirst   bool          // the receipt refuses the first message to this person, not the next
}

// Endings tell what the simulator does with whom. Four digits from 9900 to 9999: real letters do not meet them by
// chance. Codes of receipts and refusals are our invention where marked so; the real ones are not known
// (digital-post.md 3.4).
var Endings = []Ending{
	{
		"9901",
		"ikke tilmeldt Digital Post (kvittering NOT_ALLOWED; koden er vores egen)",
		func(c *course) { c.status, c.code = "NOT_ALLOWED", "recipient.not.registered" },
	},
	{
		"9902",
		"ukendt modtager (kvittering INVALID; koden er vores egen)",
		func(c *course) { c.status, c.code = "INVALID", "recipient.unknown" },
	},
	{"9903", "503 i 5 sekunder, derefter modtaget", func(c *course) { c.unavailable = 5 * time.Second }},
	{"9904", "500 hver gang", func(c *course) { c.broken = true }},
	{"9905", "modtaget, men svaret kommer aldrig (time-out)", func(c *course) { c.hang = true }},
	{"9906", "modtaget, men der kommer aldrig en kvittering", func(c *course) { c.silent = true }},
	{"9907", "kvitteringen kommer to gange", func(c *course) { c.twice = true }},
	{
		"9908",
		"sen afvisning: kvittering INVALID efter 10 sekunder (koden er vores egen)",
		func(c *course) { c.status, c.code, c.late = "INVALID", "recipient.refused.late", 10*time.Second },
	},
	{
		"9909",
		"afvist ved døren: 400 file.extension.not.allowed",
		func(c *course) { c.refuse = "file.extension.not.allowed" },
	},
	{"9910", "kvitteringen kommer før svaret", func(c *course) { c.early = true }},
	{
		"9911",
		"lukket: død eller ophørt (kvittering NOT_ALLOWED; koden er vores egen)",
		func(c *course) { c.status, c.code = "NOT_ALLOWED", "recipient.closed" },
	},
	{"9912", "ikke tilmeldt første gang, tilmeldt når brevet sendes igen", func(c *course) {
		c.status, c.code, c.onlyFirst = "NOT_ALLOWED", "recipient.not.registered", true
	}},
}

// deliveryDay is when a message is delivered that is not to be delivered before a day; zero for at once.
func deliveryDay(m *memo.Message) time.Time {
	day, err := time.ParseInLocation(time.DateOnly, string(m.Header.NotBefore), post.Denmark())
	if err != nil {
		return time.Time{}
	}
	return day
}

// courseOf reads the ending of the recipient's number. Companies have no endings.
func courseOf(m *memo.Message) course {
	var c course
	for _, e := range Endings {
		if m.Header.Recipient.Type == "CPR" && strings.HasSuffix(m.Header.Recipient.ID, e.Digits) {
			e.apply(&c)
		}
	}
	return c
}
