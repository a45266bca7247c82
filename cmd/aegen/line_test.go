package main

import "testing"

func TestCommandLine(t *testing.T) {
	root := newRoot()
	cmd, _, err := root.Find([]string{"gen"})
	if err != nil {
		t.Fatal(err)
	}
	flags := []string{"--check", "-o", "it's here", "--set", "a=1", "--set", "b=2", "--vendor=false", "--color", "never"}
	if err := cmd.ParseFlags(flags); err != nil {
		t.Fatal(err)
	}
	const want = `aegen gen -o 'it'\''s here' -set a=1 -set b=2 -vendor=false 'a b.ae'`
	if got := commandLine(cmd, "a b.ae", "check"); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
