package pdf

// matrix is [a b c d e f] as in PDF 8.3.4.
type matrix [6]float64

var identity = matrix{1, 0, 0, 1, 0, 0}

// times returns m × n: first m, then n.
func (m matrix) times(n matrix) matrix {
	return matrix{
		m[0]*n[0] + m[1]*n[2], m[0]*n[1] + m[1]*n[3],
		m[2]*n[0] + m[3]*n[2], m[2]*n[1] + m[3]*n[3],
		m[4]*n[0] + m[5]*n[2] + n[4], m[4]*n[1] + m[5]*n[3] + n[5],
	}
}

func matrixOf(items []object) (matrix, bool) {
	if len(items) != 6 {
		return identity, false
	}
	var m matrix
	for i, o := range items {
		m[i] = o.number()
	}
	return m, true
}
