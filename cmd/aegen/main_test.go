package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// TestExitStatus holds command lines against their exit statuses and what they say on standard error.
func TestExitStatus(t *testing.T) {
	for _, c := range []struct {
		line string
		want int
		says string
	}{
		{"version", ok, ""},
		{"explain AE0102", ok, ""},
		{"--color=never check ../../specs/pca.ae", ok, ""},
		{"check ../../specs/pca.ae -color=never", ok, ""},
		{"check nowhere.ae", failed, "aegen: open nowhere.ae: no such file or directory\n"},
		{"check -json", misused, "aegen: aegen check: SPEC… expected, 0 arguments found\nRun `aegen check -help`.\n"},
		{"check -jsno x.ae", misused, "aegen: unknown flag: -jsno\nRun `aegen check -help`.\n"},
		{"check --jsno x.ae", misused, "aegen: unknown flag: -jsno\nRun `aegen check -help`.\n"},
		{"check -color red x.ae", misused, "aegen: -color red: auto, always or never expected\nRun `aegen check -help`.\n"},
		{"train x.ae -epochs many", misused, "aegen: -epochs many: a whole number expected\nRun `aegen train -help`.\n"},
		{"train x.ae -data", misused, "aegen: -data: a value expected\nRun `aegen train -help`.\n"},
		{"bench x.ae -batch 0", misused, "aegen: -batch 0: 1 to 65536 expected\n"},
		{"bench x.ae -batch many", misused, "aegen: -batch many: whole numbers separated by commas expected\nRun `aegen bench -help`.\n"},
		{"bench x.ae -threads 1,-2", misused, "aegen: -threads -2: 1 to 1024 expected\n"},
		{"bench x.ae -seconds NaN", misused, "aegen: -seconds NaN: a time above 0 and at most 3600 expected\n"},
		{"bench x.ae -mode infer,fly", misused, "aegen: -mode fly: infer or train expected\n"},
		{"bench x.ae -weights w -reference d", misused, "aegen: -weights and -reference exclude each other\n"},
		{"bench ../../specs/pca.ae -mode train -batch 1", misused, "aegen: -mode train takes a -batch from 2 to 128, the batch of pca.ae\n"},
		{"fmt -w -", misused, "aegen: -w: standard input is no file to write to\n"},
		{"help trian", misused, "aegen: unknown command \"trian\"; did you mean `aegen train`?\n"},
		{"completion csh", misused, "aegen: unknown command \"csh\" for \"aegen completion\"\n"},
	} {
		var out, errs bytes.Buffer
		status := run(strings.Fields(c.line), strings.NewReader(""), &out, &errs)
		if status != c.want || errs.String() != c.says {
			t.Errorf("aegen %s: exit status %d and %q, want %d and %q", c.line, status, &errs, c.want, c.says)
		}
	}
}

// A defect is a writer that fails as a defect of aegen does.
type defect struct{}

func (defect) Write([]byte) (int, error) { panic("internal error: no shape") }

func TestDefectsAskForAReport(t *testing.T) {
	var errs bytes.Buffer
	status := run([]string{"version"}, strings.NewReader(""), defect{}, &errs)
	const says = "aegen: internal error: no shape\n\nThis is a defect of aegen. Please report it"
	if status != internal || !strings.HasPrefix(errs.String(), says) {
		t.Errorf("exit status %d and %q, want %d and %q", status, &errs, internal, says)
	}
}

// TestFlagsWithOneDash holds that a flag is known wherever it stands, and that other words are left alone.
func TestFlagsWithOneDash(t *testing.T) {
	line := strings.Fields("train -o w.safetensors -set a=-1 x.ae -data=d.npy --json -lr -w -- -json")
	want := "train -o w.safetensors --set a=-1 x.ae --data=d.npy --json -lr -w -- -json"
	if got := strings.Join(normalize(newRoot(), line), " "); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestEveryCommandHasAnExample holds also that no help shows a flag with two dashes.
func TestEveryCommandHasAnExample(t *testing.T) {
	for _, cmd := range newRoot().Commands() {
		if cmd.Name() != cobra.ShellCompRequestCmd && cmd.Example == "" {
			t.Errorf("%s has no example", cmd.CommandPath())
		}
		var out bytes.Buffer
		if status := run([]string{"help", cmd.Name()}, strings.NewReader(""), &out, &out); status != ok {
			t.Errorf("help %s: exit status %d", cmd.Name(), status)
		}
		if strings.Contains(out.String(), "--") {
			t.Errorf("help %s shows two dashes:\n%s", cmd.Name(), &out)
		}
	}
}
