package main

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// commandLine is the command with the flags that were given, without those left out, and one argument,
// as a shell reads it.
func commandLine(cmd *cobra.Command, argument string, without ...string) string {
	line := []string{cmd.CommandPath()}
	skip := map[string]bool{}
	for _, name := range without {
		skip[name] = true
	}
	cmd.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) {
		if f.Changed && !skip[f.Name] {
			line = append(line, flagWords(f)...)
		}
	})
	return strings.Join(append(line, quoted(argument)), " ")
}

// flagWords are the words that give a flag its value.
func flagWords(f *pflag.Flag) []string {
	name := "-" + f.Name
	if f.Shorthand != "" {
		name = "-" + f.Shorthand
	}
	if f.Value.Type() == "bool" {
		if f.Value.String() == "true" {
			return []string{name}
		}
		return []string{name + "=false"}
	}
	list, repeated := f.Value.(pflag.SliceValue)
	if !repeated {
		return []string{name, quoted(f.Value.String())}
	}
	var words []string
	for _, value := range list.GetSlice() {
		words = append(words, name, quoted(value))
	}
	return words
}

// quoted protects a word from the shell if it has to be.
func quoted(word string) string {
	if word != "" && !strings.ContainsAny(word, " \t\n\"'$*?;&|<>()[]{}~#!`\\") {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
