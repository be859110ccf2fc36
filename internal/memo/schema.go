package memo

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"sync"
)

// Namespace is that of both versions (digital-post.md 1.1).
const Namespace = "https://DigitalPost.dk/MeMo-1"

// namespaces are those of the schemas, by the prefix that we write (digital-post.md 1.1). SF1601 asks for "memo".
var namespaces = map[string]string{
	"memo": Namespace,
	"grd":  "https://data.gov.dk/model/core/",
	"gln":  "https://www.gs1.dk/gs1-standarder/identifikation/gln-global-location-number/",
	"udd": "https://www.dst.dk/da/TilSalg/Forskningsservice/Dokumentation/hoejkvalitetsvariable/" +
		"elevregister-2/udd#",
	"form": "http://www.form-online.dk/",
	"kle":  "http://kle-online.dk/",
	"dmv":  "https://motorregister.skat.dk/",
	"sor":  "https://services.nsi.dk/en/Services/SOR",
}

// element is a child in the order of the schema.
type element struct {
	prefix, name string
	field        int
	optional     bool
	since        string // "1.2" where 1.1 does not have it, "?1.2" where it may be missing from 1.2 on
	most         int
}

func (e *element) mayBeMissing(version string) bool {
	return e.optional || e.since == "?1.2" && version != "1.1" || !e.isIn(version)
}

func (e *element) isIn(version string) bool { return e.since != "1.2" || version != "1.1" }

func (e *element) tag() string { return e.prefix + ":" + e.name }

var schemas sync.Map // reflect.Type -> []element

const unbounded = 1 << 30

// childrenOf reads the tags of a struct: its elements in order.
func childrenOf(t reflect.Type) []element {
	if known, ok := schemas.Load(t); ok {
		return known.([]element)
	}
	var children []element
	for i := range t.NumField() {
		tag := t.Field(i).Tag.Get("memo")
		if tag == "" {
			continue
		}
		e := element{prefix: "memo", field: i, most: 1, since: t.Field(i).Tag.Get("since")}
		mark := strings.IndexAny(tag, "?*+")
		if mark < 0 {
			mark = len(tag)
		}
		e.name = tag[:mark]
		switch often := tag[mark:]; {
		case often == "*":
			e.optional, e.most = true, unbounded
		case often == "+":
			e.most = unbounded
		case often != "":
			e.optional = true
			if n, err := strconv.Atoi(often[1:]); err == nil {
				e.most = n
			}
		}
		if prefix, name, ok := strings.Cut(e.name, ":"); ok {
			e.prefix, e.name = prefix, name
		}
		children = append(children, e)
	}
	schemas.Store(t, children)
	return children
}

var contentType = reflect.TypeFor[Content]()

// valuesOf returns the values of an element that are there.
func valuesOf(v reflect.Value) []reflect.Value {
	switch v.Kind() {
	case reflect.Slice:
		values := make([]reflect.Value, v.Len())
		for i := range values {
			values[i] = v.Index(i)
		}
		return values
	case reflect.Pointer:
		if v.IsNil() {
			return nil
		}
		return []reflect.Value{v.Elem()}
	}
	return []reflect.Value{v}
}

// checkElements checks a message that is about to be written against the schema of a version.
func checkElements(v reflect.Value, version, path string) error {
	if choice, ok := v.Interface().(simple); ok {
		if err := choice.check(); err != nil {
			return fmt.Errorf("%s %w", path, err)
		}
	}
	for _, e := range childrenOf(v.Type()) {
		here := strings.TrimPrefix(path+"/"+e.name, "/")
		values := valuesOf(v.Field(e.field))
		switch {
		case len(values) == 0 && !e.mayBeMissing(version):
			return fmt.Errorf("%s is missing", here)
		case len(values) > e.most:
			return fmt.Errorf("%s comes %d times, at most %d", here, len(values), e.most)
		case len(values) > 0 && !e.isIn(version) && !values[0].IsZero():
			return fmt.Errorf("%s is not in MeMo %s", here, version)
		}
		for _, is := range values {
			if err := checkValue(is, e, version, here); err != nil {
				return err
			}
		}
	}
	return nil
}

func checkValue(is reflect.Value, e element, version, here string) error {
	switch {
	case is.Type() == contentType:
		return nil
	case is.Kind() == reflect.Struct:
		return checkElements(is, version, here)
	case is.String() == "" && e.mayBeMissing(version):
		return nil
	}
	if err := checkText(is.Interface()); err != nil {
		return fmt.Errorf("%s %w", here, err)
	}
	return nil
}
