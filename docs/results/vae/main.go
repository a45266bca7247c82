// Vae writes the section on the variational autoencoder of docs/results.md from what run.sh has gathered in a folder. It fails where the
// figures do not bear out what the page says of them.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"math"
	"os"
	"path/filepath"
	"strings"

	"github.com/aegen/aegen/docs/page"
	"github.com/aegen/aegen/runtime/job"
)

// judged is what pytorch.py finds for weights: the bounds of log p(x) by so many draws, and what the evidence bound is made of.
type judged struct {
	ELBO  float64 `json:"elbo"`
	KL    float64 `json:"kl"`
	One   float64 `json:"1"`
	Five  float64 `json:"5"`
	Fifty float64 `json:"50"`
}

// figures are all numbers of the section.
type figures struct {
	evals  [3]job.Scores // by 1, 5 and 50 draws
	losses []float64     // of epochs
	peer   struct {
		Losses         []float64
		PyTorch, Aegen judged
	}
}

func main() {
	log.SetFlags(0)
	path := flag.String("page", "docs/results.md", "page to rewrite")
	flag.Parse()
	if flag.NArg() != 1 {
		log.Fatal("usage: vae [-page FILE] FOLDER")
	}
	f, err := read(flag.Arg(0))
	if err == nil {
		err = page.PutNamed(*path, "vae", f.section())
	}
	if err == nil {
		err = f.check()
	}
	if err != nil {
		log.Fatal(err)
	}
}

func read(dir string) (*figures, error) {
	f := &figures{}
	for i, draws := range []int{1, 5, 50} {
		data, err := os.ReadFile(filepath.Join(dir, fmt.Sprintf("eval%d", draws)))
		if err != nil {
			return nil, err
		}
		if err := json.Unmarshal(data, &f.evals[i]); err != nil {
			return nil, err
		}
		if f.evals[i].Evidence == nil || f.evals[i].Evidence.IWAE == nil {
			return nil, fmt.Errorf("eval%d has no bound", draws)
		}
	}
	data, err := os.ReadFile(filepath.Join(dir, "pytorch"))
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(data, &f.peer); err != nil {
		return nil, err
	}
	train, err := os.Open(filepath.Join(dir, "train"))
	if err != nil {
		return nil, err
	}
	defer train.Close()
	return f, f.messages(train)
}

// messages reads what train prints.
func (f *figures) messages(r io.Reader) error {
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		var m job.Message
		if err := json.Unmarshal(lines.Bytes(), &m); err != nil {
			return err
		}
		if m.Epoch != nil {
			f.losses = append(f.losses, m.Epoch.Loss)
		}
	}
	return lines.Err()
}

func (f *figures) section() string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("| nats a held-out image | aegen | PyTorch | difference | aegen's weights in PyTorch |")
	line("| --- | --: | --: | --: | --: |")
	row := func(name string, aegen, peer, check float64) {
		line("| %s | %.3f | %.3f | %+.3f %% | %.3f |", name, aegen, peer, 100*(aegen-peer)/math.Abs(peer), check)
	}
	e, p, a := f.evals[2].Evidence, f.peer.PyTorch, f.peer.Aegen
	row("evidence bound of log p(x)", e.ELBO, p.ELBO, a.ELBO)
	row("the same by the 8 fixed draws of the score", -f.evals[2].Loss, p.ELBO, a.ELBO)
	row("importance-weighted bound, 1 draw", *f.evals[0].Evidence.IWAE, p.One, a.One)
	row("5 draws", *f.evals[1].Evidence.IWAE, p.Five, a.Five)
	row("50 draws", *e.IWAE, p.Fifty, a.Fifty)
	row("divergence from the prior", e.KL, p.KL, a.KL)
	line("")
	line("%d of the %d units are active. The least divergence of a unit is %.3f nats.", e.Active, len(e.Units), least(e.Units))
	line("")
	line("| epoch | loss | PyTorch | difference |")
	line("| --- | --: | --: | --: |")
	for i, loss := range f.losses {
		line("| %d | %.3f | %.3f | %+.3f %% |", i+1, loss, f.peer.Losses[i], 100*(loss/f.peer.Losses[i]-1))
	}
	return b.String()
}

func least(v []float64) float64 {
	low := math.Inf(1)
	for _, x := range v {
		low = min(low, x)
	}
	return low
}

// check holds the figures against what the page says of them.
func (f *figures) check() error {
	e, p := f.evals[2].Evidence, f.peer.PyTorch
	one, five, fifty := *f.evals[0].Evidence.IWAE, *f.evals[1].Evidence.IWAE, *e.IWAE
	switch {
	case len(f.losses) != 10 || len(f.peer.Losses) != 10:
		return errors.New("there are not ten epochs of both")
	case math.Abs(e.ELBO-p.ELBO) > 0.01*math.Abs(p.ELBO):
		return fmt.Errorf("the bound %v is more than 1 %% from PyTorch's %v", e.ELBO, p.ELBO)
	case math.Abs(e.ELBO-f.peer.Aegen.ELBO) > 0.001*math.Abs(e.ELBO):
		return fmt.Errorf("PyTorch finds the bound %v for the weights of aegen, which finds %v", f.peer.Aegen.ELBO, e.ELBO)
	case math.Abs(f.evals[2].Loss+f.peer.Aegen.ELBO) > 0.005*math.Abs(e.ELBO):
		return fmt.Errorf("PyTorch finds the bound %v for the weights of aegen, whose score is %v", f.peer.Aegen.ELBO, f.evals[2].Loss)
	case math.Abs(fifty-f.peer.Aegen.Fifty) > 0.001*math.Abs(fifty):
		return fmt.Errorf("PyTorch finds the bound by 50 draws %v for the weights of aegen, which finds %v", f.peer.Aegen.Fifty, fifty)
	case !(one < five && five < fifty && e.ELBO < fifty):
		return fmt.Errorf("bounds by 1, 5 and 50 draws are %v, %v and %v, the evidence bound %v", one, five, fifty, e.ELBO)
	case least(e.Units) < 0:
		return fmt.Errorf("a unit has the divergence %v", least(e.Units))
	}
	return nil
}
