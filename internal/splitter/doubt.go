package splitter

import "brevdue/internal/sentence"

// The addressee is the witness of a letter's number (practice.md A1 to A6): a number counts where nothing contradicts
// it. What follows says why one is held.
const (
	doubtName     sentence.Sentence = `§["doubt-name"]`
	doubtRole     sentence.Sentence = `§["doubt-role"]`
	doubtSurname  sentence.Sentence = `§["doubt-surname"]`
	doubtForm     sentence.Sentence = `§["doubt-form"]`
	doubtCompany  sentence.Sentence = `§["doubt-company"]`
	doubtCouple   sentence.Sentence = `§["doubt-couple"]`
	doubtCVR      sentence.Sentence = `§["doubt-cvr"]`
	doubtPrivate  sentence.Sentence = `§["doubt-private"]`
	doubtYoung    sentence.Sentence = `§["doubt-young"]`
	doubtAbsent   sentence.Sentence = `§["doubt-absent"]`
	doubtBelow    sentence.Sentence = `§["doubt-below"]`
	doubtLater    sentence.Sentence = `§["doubt-later"]`
	doubtPlace    sentence.Sentence = `§["doubt-place"]`
	doubtOther    sentence.Sentence = `§["doubt-other"]`
	doubtBorn     sentence.Sentence = `§["doubt-born"]`
	doubtCovered  sentence.Sentence = `§["doubt-covered"]`
	doubtMasked   sentence.Sentence = `§["doubt-masked"]`
	doubtNamesake sentence.Sentence = `§["doubt-namesake"]`
	doubtTorn     sentence.Sentence = `§["doubt-torn"]`
	doubtHidden   sentence.Sentence = `§["doubt-hidden"]`
)

func doubtBehalf(words string) sentence.Sentence { return sentence.Of("doubt-behalf", words) }
