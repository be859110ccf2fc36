package post

// Codes returns all codes of the table.
func Codes() []Code {
	codes := make([]Code, 0, len(explanations))
	for c := range explanations {
		codes = append(codes, c)
	}
	return codes
}
