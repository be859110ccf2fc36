// Package workflow is what several stages do alike with the ports: queue what follows the end of a letter, close its
// rows in Ubehandlet, go through all letters of a shipment. The rules are package post's.
//
// Invariant: every step is repeatable; one that died half-way is done again from the start.
package workflow
