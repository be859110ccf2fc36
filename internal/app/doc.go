// Package app builds programs: a constructor for each function on AWS, and the service on one machine. It chooses a
// backend, connects it with the stages, and decides nothing. It is the only package that reads the environment.
//
// environment or Config -> [app] -> the handler of a function, or a running service
package app
