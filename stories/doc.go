// Package stories holds the whole way in the product's words (scripts/*.txtar), and runs it from outside: the binary
// is built, each story gets a server of its own, and everything goes through the command line.
package stories
