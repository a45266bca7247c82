// Command table puts the figures of docs/results/anomaly/run.sh into a page: what aegen eval says of each run, beside the peers'.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/aegen/aegen/docs/page"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: table DIR PAGE")
		os.Exit(2)
	}
	if err := put(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "table:", err)
		os.Exit(1)
	}
}

// put reads the results of a folder and writes their tables into a page. It is an error if the models are not ahead of their peers.
func put(dir, path string) error {
	peers, err := readPeers(filepath.Join(dir, "peers.json"))
	if err != nil {
		return err
	}
	var behind error
	for _, task := range []string{"article", "tissue"} {
		var runs []run
		for n := range 10 {
			r := run{peer: peers[key{task, n}]}
			text, err := os.ReadFile(filepath.Join(dir, fmt.Sprintf("%s-%d.json", task, n)))
			if err != nil {
				return err
			}
			if err := json.Unmarshal(text, &r.scores); err != nil {
				return fmt.Errorf("%s %d: %w", task, n, err)
			}
			runs = append(runs, r)
		}
		if err := page.PutNamed(path, "anomaly "+task, table(runs, chosen[task])); err != nil {
			return err
		}
		behind = errors.Join(behind, ahead(task, runs))
	}
	return behind
}

// chosen is the number of runs, from the first on, with whose classes choose.sh chooses the settings.
var chosen = map[string]int{"article": 5}

type key struct {
	Task string `json:"task"`
	Run  int    `json:"run"`
}

// peer is what PCA and an isolation forest reach: areas under the receiver operating characteristic.
type peer struct {
	key
	PCA    float64 `json:"pca"`
	Forest float64 `json:"forest"`
}

func readPeers(path string) (map[key]peer, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	peers := map[key]peer{}
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		var p peer
		if err := json.Unmarshal(lines.Bytes(), &p); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		peers[p.key] = p
	}
	return peers, lines.Err()
}
