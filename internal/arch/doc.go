// Package arch is the layout of the program as a test: a row per package with why it is there and what it may import.
package arch
