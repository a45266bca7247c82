// Package grammar turns the text of a spec into its syntax tree, and into its canonical form.
//
// The text is cut into tokens, the tokens into lines with heads and bodies (a skeleton), and participle parses each head
// on its own. So a mistake costs one line, and one run reports the mistakes of a whole file.
package grammar
