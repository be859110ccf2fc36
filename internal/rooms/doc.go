// Package rooms is the floor plan of the house as a test: a row per room with why it is there and what it may import.
package rooms
