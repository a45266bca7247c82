// Beside runs generated packages on the numbers of PyTorch's fixtures: the program of TestPackagesAgreeWithTorch, which adds the packages.
package main

import (
	"encoding/json"
	"os"

	"random/beside"
)

func main() {
	var cases map[string]beside.Case
	if err := json.NewDecoder(os.Stdin).Decode(&cases); err != nil {
		panic(err)
	}
	reports := map[string]beside.Report{}
	for name, run := range packages {
		reports[name] = run(cases[name])
	}
	if err := json.NewEncoder(os.Stdout).Encode(reports); err != nil {
		panic(err)
	}
}
