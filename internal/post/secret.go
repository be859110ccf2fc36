package post

import "log/slog"

// Secret is the key that the files of one letter are sealed by (practice.md E9), or what the keys of a Send's letters
// are made of. It shows in no log, and in no JSON but that of the item that it lies in.
type Secret string

const secretShown = "(a key)"

// String implements fmt.Stringer.
func (s Secret) String() string { return secretShown }

// GoString implements fmt.GoStringer.
func (s Secret) GoString() string { return secretShown }

// LogValue implements slog.LogValuer.
func (s Secret) LogValue() slog.Value { return slog.StringValue(secretShown) }

// Own returns a file of a letter's with the key that opens it.
func (l *Letter) Own(o Object) Object {
	if o.Sealed {
		o.Secret = l.Secret
	}
	return o
}
