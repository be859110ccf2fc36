// Package store is the one table: the keys, items and changes of state of every word, written once over a small
// Table port that both backends offer.
//
//	word       PK                          SK                what                           list; due index (by time)
//	Shipment   S#<shipment>                H                 header                         O#<org>#S, newest; D#S
//	Counts     S#<shipment>                C#[<v>#]<0-f>      letters by state, spread
//	Backlog    B#<org>                     <shipment>        it may be unfinished; "!" when all such are there
//	Outline    P#<shipment>                <sha256>#<number> what the split found, packed, in chunks
//	Edit       D#<shipment>                E#<number>        correction of a draft
//	Remark     D#<shipment>                R#<letter>#<kind> what is known of a letter of a draft
//	Letter     L#<shipment>#0#<part>       <page>.<ordinal>  letter                         -; D#L#<0-f>
//	           L#<shipment>#<v>#<hundred>  <number>          letter of a version before
//	Failure    F#<shipment>                <letter>#<code>   row of Ubehandlet              O#<org>#U, code+time
//	SentFile   O#<org>#F                   <sha256>          which shipment sent it
//	Filing     K#<org>                     <case>#<letter>   what lies in a case; also under the person
//	Name       K#<org>#<keyed hash>        <hash>#<letter>   who has a word in their name that begins so
//	Title      K#<org>#<keyed hash>        <hash>#<shipment> whose subject has a word that begins so
//	Transfer   C#<org>#<letter>            <archive>#<person> what came of it in an archive outside   -; D#TRANSFERS
//	Case       C#<org>#<archive>#<key>     H                 a case in an archive outside, with its lease
//	Orphan     R#stray                     <sha256>          receipt that belongs to no letter
//	Org        O#<org>                     H                 name, approved senders
//	Legal      LEGAL                       <org>#<letter>    whom nobody knows to be notified       -; D#LEGAL
//	Pushed     PUSHED                      <org>#<id>        its receipt is to follow               -; D#PUSHED
//	Recipients O#<org>, O#<org>#R          RECIPIENTS#<id>   saved recipients, and who they are
//	Profile    O#<org>                     PROFILE#<name>    what a source system's letters look like
//	Filter     O#<org>                     FILTER#<user>#<name>  of the log, that somebody has kept
//	FilingPlan O#<org>                     FILINGPLAN        KLE's numbers with their titles
//	Number     N#<CVR>                     H                 which organization it belongs to
//	Table      T#table                     H                 its identity, when it was restored
//	Listed     T#organizations             <org>             an organization of the installation
//	Breaker    T#breaker                   <environment>     whether Digital Post answers
//	Outage     T#outage                    <time>#<place>    when something did not work
//	Service    T#service                   <day>             how fast letters left; …#<day> <shipment> is in it
//	Beat       T#beat                      H                 when Brevdue was at work last
//	Stop       O#<org>                     STOP              nothing of the organization leaves
//	Entry      Z#<org>#<shipment>          <number>          line of the audit log; END is the last one's
//	Text       Y#<org>#<shipment>          <number>          name and text of an entry, which can be erased
//	By         Y#<org>#@<name>             <time>#<entry>    an entry of somebody's, newest first
//	Inbox      I#<messageUUID>             H                 incoming post                  O#<org>#I, newest
//	APIKey     A#<sha256 of the key>       H                 organization, name
//	User       U#<name>[@<org>]            H                 organization, name, hash of the code
//	Listed     O#<org>                     USER#<name>       a user of the organization
//	Attempts   V#<sha256 of the name>      H                 wrong codes, until when they count
//	Notice     M#<org>                     P#<kind>#<about>  what is to be told, or was; S#<id> who wants it
//	Delivery   W#<org>                     <time>-<id>       a message to a subscriber      O#<org>#W, newest; D#W
//	Bulk       J#<org>                     <id>              rows of Ubehandlet, many at once  O#<org>#J; D#J
//	Container  G#<org>                     <id>              letters that go to Digital Post in one post
//	Check      H#<org>                     CHECK#<id>        a trial of the connection
//	LookUp     H#<org>                     LOOKUP#<shipment> which recipients of a draft are enrolled
//	Progress   H#<org>                     PROGRESS#<shipment> how far a split has come
//	Request    Q#<org>                     <sha256 of key>   answer to a POST with an Idempotency-Key
//	Session    X#<sha256 of the token>     H                 user, end
//	SignOn     X#sso#<sha256 of the state> H                 a log-in begun at the organization's own place
//	Subject    U#sso#<sha256 of it>        H                 which user comes from there
//	Place      T#sso                       <org>             an organization with a log-in of its own
//	Connection T#connections               <org>             an organization with its own into Digital Post
//	DataKey    E#<org>                     H                 its key, wrapped by the master key (package seal)
//
// Letters are spread, a partition per hundred, because one partition takes 1,000 writes a second; so is the counter
// of a shipment, in 16 items that one query sums (data.md). The due index of a letter has 16 partitions.
//
// Invariant: a letter and its shipment's counts change in one transaction, conditional on the revision that was read.
//
// Each item says whose it is: package seal keeps its body so that only its organization's key opens it.
//
// words -> [store] -> items -> Table (internal/embedded, internal/aws/dynamo)
package store

import (
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"
	"time"

	"brevdue/internal/parallel"
	"brevdue/internal/post"
)

// Store implements the ports of package post over a Table.
type Store struct {
	table  Table
	memory *memory // nil unless the process is alone with the table
	codec  Codec
	runner parallel.Runner
	now    func() time.Time
	firsts firsts
}

// New returns a Store over a table.
func New(t Table) *Store {
	return &Store{table: t, codec: JSON, runner: parallel.Goroutines{}, now: time.Now}
}

// With makes the store write items in another form than JSON, and do what it does side by side with another runner.
func (s *Store) With(c Codec, r parallel.Runner) *Store {
	s.codec, s.runner = c, r
	return s
}

const (
	headerSK = "H"
	spread   = 16 // counters per shipment, and partitions of the letters' due index
	hundred  = 100
	thousand = 1000
)

func shipmentKey(id string) Key { return Key{"S#" + id, headerSK} }

// counterKey is where letters of a split are counted. Those of the first version stand where they always did.
func counterKey(shipment string, version, number int) Key {
	return Key{"S#" + shipment, fmt.Sprintf("%s%x", counterPrefix(version), number/10%spread)}
}

func counterPrefix(version int) string {
	if version == 1 {
		return "C#"
	}
	return fmt.Sprintf("C#%d#", version)
}

func letterPK(shipment string, version, number int) string {
	return fmt.Sprintf("L#%s#%d#%04d", shipment, version, number/hundred)
}

func letterSK(number int) string { return fmt.Sprintf("%06d", number) }

// draftPart is the partition of a letter of a draft: by its pages, and where very many share these by its ordinal.
func draftPart(first, ordinal int) int { return first/hundred + ordinal/thousand }

// draftSK sorts letters of a draft by their pages. One page has few recipients, or the shipment has but these pages.
func draftSK(first, ordinal int) string { return fmt.Sprintf("%06d.%05d", first, ordinal) }

func letterKey(id post.LetterID) (Key, error) {
	p, err := id.Place()
	if err != nil {
		return Key{}, err
	}
	if p.Version == 0 {
		return Key{letterPK(p.Shipment, 0, draftPart(p.Number, p.Ordinal)*hundred), draftSK(p.Number, p.Ordinal)}, nil
	}
	return Key{letterPK(p.Shipment, p.Version, p.Number), letterSK(p.Number)}, nil
}

func failureKey(k post.FailureKey) Key {
	sk := string(k.Letter) + k.Message + "#" + string(k.Code)
	if k.Archive != "" {
		sk += "#" + k.Archive
	}
	return Key{"F#" + k.Shipment, sk}
}

// dueKey returns the place in the due index, or none for the zero time.
func dueKey(pk string, due time.Time, id string) Key {
	if due.IsZero() {
		return Key{}
	}
	return Key{pk, timeSK(due) + "#" + id}
}

func letterDuePK(id post.LetterID) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(id))
	return duePartition(int(h.Sum32() % spread))
}

func duePartition(i int) string { return fmt.Sprintf("D#L#%x", i) }

const shipmentsDuePK = "D#S"

// timeSK sorts as time does.
func timeSK(t time.Time) string { return fmt.Sprintf("%014d", max(0, t.UnixMilli())) }

// timeOf is the time at the front of a sort key; zero for none.
func timeOf(sk string) time.Time {
	front, _, _ := strings.Cut(sk, "#")
	ms, err := strconv.ParseInt(front, 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// stamp is a time in a body: milliseconds since 1970, 0 for the zero time. It is also all that MeMo carries.
type stamp int64

func stampOf(t time.Time) stamp {
	if t.IsZero() {
		return 0
	}
	return stamp(t.UnixMilli())
}

func (s stamp) time() time.Time {
	if s == 0 {
		return time.Time{}
	}
	return time.UnixMilli(int64(s)).UTC()
}
