package syntax

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/md5"
	"crypto/rc4"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
)

// method is how a kind of data is encrypted (PDF 7.6.5, table 25).
type method uint8

const (
	notEncrypted method = iota
	byRC4
	byAESV2 // AES-128, a key per object
	byAESV3 // AES-256, one key
)

// lock is the standard security handler with the user password left empty (PDF 7.6.3; ISO 32000-2, 7.6.4 for AES-256).
type lock struct {
	key              []byte
	strings, streams method
	metadata         bool // is encrypted too
}

// padding fills a password up to 32 bytes (PDF 7.6.3.3, algorithm 2).
var padding = []byte("\x28\xBF\x4E\x5E\x4E\x75\x8A\x41\x64\x00\x4E\x56\xFF\xFA\x01\x08" +
	"\x2E\x2E\x00\xB6\xD0\x68\x3E\x80\x2F\x0C\xA9\xFE\x64\x53\x69\x7A")

// encryption is the encryption dictionary of a file (PDF 7.6.1).
type encryption struct {
	*File
	dict Object
}

// unlock finds the key of an encrypted file. Only the empty user password is tried: what needs another one is not
// ours to read.
func (e encryption) unlock() error {
	reference := e.trailer.Get("Encrypt")
	if reference.Kind == KindNull {
		return nil
	}
	e.dict = e.Resolve(reference)
	handler := e.Resolve(e.dict.Get("Filter"))
	if e.dict.Kind != KindDict || !handler.Is("Standard") {
		return ErrEncrypted
	}
	metadata := e.Resolve(e.dict.Get("EncryptMetadata"))
	l := &lock{strings: byRC4, streams: byRC4, metadata: metadata.Raw == nil || !metadata.Is("false")}
	version, revision := e.Resolve(e.dict.Get("V")).Int(), e.Resolve(e.dict.Get("R")).Int()
	bits := 40
	switch {
	case version == 1:
	case version == 2 || version == 3:
		bits = e.keyBits()
	case version == 4 || version == 5:
		bits = 128
		l.strings, l.streams = e.cryptFilter("StrF"), e.cryptFilter("StmF")
	default:
		return ErrEncrypted
	}
	if revision >= 5 {
		l.key = e.keyOfAES256(revision)
	} else {
		l.key = e.keyByMD5(revision, bits/8, l.metadata)
	}
	if l.key == nil {
		return ErrEncrypted
	}
	e.lock, e.lockNumber = l, reference.Num
	e.forgetParsed() // what was read until now was read locked
	return nil
}

func (e encryption) keyBits() int {
	if n := e.Resolve(e.dict.Get("Length")).Int(); n >= 40 && n <= 128 && n%8 == 0 {
		return n
	}
	return 40
}

// cryptFilter returns the method of a named crypt filter (PDF 7.6.5).
func (e encryption) cryptFilter(which string) method {
	name := e.Resolve(e.dict.Get(which))
	if name.Kind != KindName || name.Is("Identity") {
		return notEncrypted
	}
	filters := e.Resolve(e.dict.Get("CF"))
	filter := e.Resolve(filters.Get(string(name.Raw)))
	switch cfm := e.Resolve(filter.Get("CFM")); {
	case cfm.Is("AESV2"):
		return byAESV2
	case cfm.Is("AESV3"):
		return byAESV3
	case cfm.Is("V2"):
		return byRC4
	}
	return notEncrypted
}

// keyByMD5 is algorithm 2, proven by algorithms 4 and 5 (PDF 7.6.3.3 and 7.6.3.4).
func (e encryption) keyByMD5(revision, length int, metadata bool) []byte {
	owner, user := AppendString(nil, e.Resolve(e.dict.Get("O"))), AppendString(nil, e.Resolve(e.dict.Get("U")))
	if len(owner) < 32 || len(user) < 16 {
		return nil
	}
	first := e.Resolve(e.Resolve(e.trailer.Get("ID")).Item(0))
	id := AppendString(nil, first)
	permissions := uint32(int64(e.Resolve(e.dict.Get("P")).Number()))
	h := md5.New()
	h.Write(padding)
	h.Write(owner[:32])
	h.Write([]byte{byte(permissions), byte(permissions >> 8), byte(permissions >> 16), byte(permissions >> 24)})
	h.Write(id)
	if revision >= 4 && !metadata {
		h.Write([]byte{0xff, 0xff, 0xff, 0xff})
	}
	key := h.Sum(nil)
	if revision < 3 {
		key = key[:length]
		return proven(key, bytes.Equal(rc4Of(key, padding), user[:min(len(user), 32)]))
	}
	for range 50 {
		sum := md5.Sum(key[:length])
		key = sum[:]
	}
	key = key[:length]
	sum := md5.Sum(append(bytes.Clone(padding), id...))
	check := sum[:]
	for i := range 20 {
		k := bytes.Clone(key)
		for j := range k {
			k[j] ^= byte(i)
		}
		check = rc4Of(k, check)
	}
	return proven(key, bytes.Equal(check, user[:16]))
}

func proven(key []byte, yes bool) []byte {
	if yes {
		return key
	}
	return nil
}

// keyOfAES256 is algorithm 2.A of ISO 32000-2 with the empty user password.
func (e encryption) keyOfAES256(revision int) []byte {
	user, sealed := AppendString(nil, e.Resolve(e.dict.Get("U"))), AppendString(nil, e.Resolve(e.dict.Get("UE")))
	if len(user) < 48 || len(sealed) < 32 {
		return nil
	}
	hash := func(salt []byte) []byte {
		if revision == 5 {
			sum := sha256.Sum256(salt)
			return sum[:]
		}
		return hardHash(salt)
	}
	if !bytes.Equal(hash(user[32:40]), user[:32]) {
		return nil
	}
	block, err := aes.NewCipher(hash(user[40:48]))
	if err != nil {
		return nil
	}
	key := make([]byte, 32)
	cipher.NewCBCDecrypter(block, make([]byte, aes.BlockSize)).CryptBlocks(key, sealed[:32])
	return key
}

// hardHash is algorithm 2.B of ISO 32000-2 for an empty password.
func hardHash(salt []byte) []byte {
	sum := sha256.Sum256(salt)
	k := sum[:]
	for round := 0; ; round++ {
		k1 := bytes.Repeat(k, 64)
		block, err := aes.NewCipher(k[:16])
		if err != nil {
			return nil
		}
		cipher.NewCBCEncrypter(block, k[16:32]).CryptBlocks(k1, k1)
		remainder := 0
		for _, b := range k1[:16] {
			remainder += int(b)
		}
		switch remainder % 3 {
		case 0:
			s := sha256.Sum256(k1)
			k = s[:]
		case 1:
			s := sha512.Sum384(k1)
			k = s[:]
		default:
			s := sha512.Sum512(k1)
			k = s[:]
		}
		if round >= 63 && int(k1[len(k1)-1]) <= round-31 {
			return k[:32]
		}
	}
}

func rc4Of(key, b []byte) []byte {
	out := make([]byte, len(b))
	if c, err := rc4.NewCipher(key); err == nil {
		c.XORKeyStream(out, b)
	}
	return out
}

// open decrypts the data of one object (PDF 7.6.2, algorithm 1). Data that cannot have been encrypted is nothing.
func (l *lock) open(m method, b []byte, num, generation int) []byte {
	if m == notEncrypted {
		return b
	}
	key := l.key
	if m != byAESV3 {
		key = append(bytes.Clone(key), byte(num), byte(num>>8), byte(num>>16), byte(generation), byte(generation>>8))
		if m == byAESV2 {
			key = append(key, "sAlT"...)
		}
		sum := md5.Sum(key)
		key = sum[:min(len(l.key)+5, 16)]
	}
	if m == byRC4 {
		return rc4Of(key, b)
	}
	if len(b) < 2*aes.BlockSize {
		return nil
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil
	}
	vector, body := b[:aes.BlockSize], b[aes.BlockSize:]
	out := make([]byte, len(body)/aes.BlockSize*aes.BlockSize)
	cipher.NewCBCDecrypter(block, vector).CryptBlocks(out, body[:len(out)])
	if pad := int(out[len(out)-1]); pad >= 1 && pad <= aes.BlockSize {
		out = out[:len(out)-pad]
	}
	return out
}

// openStrings decrypts the strings in an object that was read from the file itself; those in an object stream are
// decrypted with it.
func (l *lock) openStrings(o *Object, num, generation int) {
	switch o.Kind {
	case KindString, KindHex:
		plain := l.open(l.strings, AppendString(nil, *o), num, generation)
		o.Kind, o.Raw = KindHex, hex.AppendEncode(nil, plain)
	case KindArray, KindDict:
		for i := range o.Items {
			l.openStrings(&o.Items[i], num, generation)
		}
	}
}

// Decrypt returns the data of a stream as it was before encryption.
func (f *File) Decrypt(o Object) []byte {
	s := o.Stream
	if f.lock == nil || s.Num == 0 {
		return s.Raw
	}
	kind, filter := o.Get("Type"), f.Resolve(o.Get("Filter"))
	switch {
	case kind.Is("XRef"), kind.Is("Metadata") && !f.lock.metadata:
		return s.Raw
	case filter.Is("Crypt"), filter.Kind == KindArray && f.Resolve(filter.Item(0)).Is("Crypt"): // its own: Identity
		return s.Raw
	}
	return f.lock.open(f.lock.streams, s.Raw, s.Num, s.generation)
}
