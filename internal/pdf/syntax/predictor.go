package syntax

// unpredicted decodes a stream and undoes its predictor, if there is one (PDF 7.4.4.4).
func (d decoder) unpredicted(buf []byte, params Object, decode func([]byte) ([]byte, error)) ([]byte, error) {
	predictor := d.Resolve(params.Get("Predictor"))
	if predictor.Kind != KindNumber || predictor.Int() < 2 {
		return decode(buf)
	}
	b, err := decode(nil)
	if err != nil {
		return buf, err
	}
	number := func(key string, otherwise int) int {
		if o := d.Resolve(params.Get(key)); o.Kind == KindNumber {
			return o.Int()
		}
		return otherwise
	}
	colors, bits, columns := number("Colors", 1), number("BitsPerComponent", 8), number("Columns", 1)
	if colors < 1 || colors > 32 || bits < 1 || bits > 16 || columns < 1 || columns > 1<<24 {
		return buf, Damaged("a predictor of %d × %d × %d", columns, colors, bits)
	}
	row, pixel := (columns*colors*bits+7)/8, max(1, colors*bits/8)
	if predictor.Int() == 2 {
		return append(buf, undoTIFF(b, row, colors, bits)...), nil
	}
	return append(buf, undoPNG(b, row, pixel)...), nil
}

// undoTIFF undoes the difference to the pixel on the left, for whole bytes.
func undoTIFF(b []byte, row, colors, bits int) []byte {
	if bits != 8 {
		return b
	}
	for at := 0; at+row <= len(b); at += row {
		for i := at + colors; i < at+row; i++ {
			b[i] += b[i-colors]
		}
	}
	return b
}

// undoPNG undoes the filters of PNG, a row at a time, each with its own.
func undoPNG(b []byte, width, pixel int) []byte {
	rows := (len(b) + width) / (width + 1)
	out := make([]byte, 0, len(b))
	previous := make([]byte, min(width, len(b)))
	for r := range rows {
		start := r * (width + 1)
		filter, row := b[start], b[start+1:min(start+1+width, len(b))]
		for i := range row {
			var left, corner byte
			if i >= pixel {
				left, corner = row[i-pixel], previous[i-pixel]
			}
			switch up := previous[i]; filter {
			case 1:
				row[i] += left
			case 2:
				row[i] += up
			case 3:
				row[i] += byte((int(left) + int(up)) / 2)
			case 4:
				row[i] += paeth(left, up, corner)
			}
		}
		out = append(out, row...)
		previous = row
	}
	return out
}

func paeth(left, up, corner byte) byte {
	a, b, c := int(left), int(up), int(corner)
	p := a + b - c
	pa, pb, pc := abs(p-a), abs(p-b), abs(p-c)
	switch {
	case pa <= pb && pa <= pc:
		return left
	case pb <= pc:
		return up
	}
	return corner
}

func abs(a int) int {
	if a < 0 {
		return -a
	}
	return a
}
