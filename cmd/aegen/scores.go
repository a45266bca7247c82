package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/aegen/aegen/cmd/aegen/internal/pca"
	"github.com/aegen/aegen/compiler/nn"
	"github.com/aegen/aegen/compiler/plan"
	"github.com/aegen/aegen/runtime/job"
)

// scores is what eval prints.
type scores struct {
	job.Scores
	MSE *float64 `json:"mse,omitempty"` // in the place of those of job.Scores: nil of records, which have no squared error
	SSE *float64 `json:"sse,omitempty"`
	*anomalies
	PCA        *pca.Errors `json:"pca,omitempty"`
	Precisions []precision `json:"precisions,omitempty"`
}

func newScores(p *plan.Program, s job.Scores) scores {
	if p.Record != nil && p.Goal == nil {
		return scores{Scores: s}
	}
	return scores{Scores: s, MSE: &s.MSE, SSE: &s.SSE}
}

// print prints what a model does on samples, a line a figure: its name, the figure, and its unit or what it is.
func (s scores) print(out io.Writer, p *plan.Program) error {
	if s.Precisions != nil {
		if err := printPrecisions(out, s.Samples, s.Precisions); err != nil {
			return err
		}
	} else {
		s.printLoss(out, p)
	}
	if e := s.Evidence; e != nil {
		printEvidence(out, e, p.Goal != nil)
	}
	if u := s.Codebook; u != nil {
		fmt.Fprintf(out, "vectors  %.4g %% of %d are used\nperplexity %.6g of the codebook: e to the entropy of the use of its vectors\n", 100*u.Used, u.Vectors, u.Perplexity)
		fmt.Fprintf(out, "bits     %.6g a code, %.6g by the frequencies of vectors in each group\n", u.Bits, u.Entropy)
	}
	if a := s.Code; a != nil {
		printActivity(out, a)
	}
	if s.anomalies != nil {
		s.anomalies.print(out)
	}
	if s.PCA != nil {
		fmt.Fprintf(out, "pca mse  %.6g\npca sse  %.6g\n", s.PCA.MSE, s.PCA.SSE)
	}
	return nil
}

// printLoss prints losses and errors.
func (s scores) printLoss(out io.Writer, p *plan.Program) {
	unit, nll := "nats a sample", "nats a sample"
	switch {
	case p.Loss.Likelihood == nn.MSE:
		unit, nll = "the mse", "nats a sample, of the Gaussian of variance 1"
	case s.Evidence != nil:
		nll = "nats a sample, an upper bound"
	}
	fmt.Fprintf(out, "samples  %d\nloss     %.6g %s\n", s.Samples, s.Loss, unit)
	if s.MSE != nil {
		what := "squared error summed over a sample"
		if s.Accuracy != nil {
			what = "squared error of the probabilities, the score of Brier"
		}
		fmt.Fprintf(out, "mse      %.6g\nsse      %.6g %s\n", *s.MSE, *s.SSE, what)
	}
	fmt.Fprintf(out, "nll      %.6g %s\n", s.NLL, nll)
	switch {
	case s.Segmentation != nil:
		printSegmentation(out, s.Segmentation, *s.Accuracy, p.Goal.Labels)
	case s.Accuracy != nil:
		fmt.Fprintf(out, "accuracy %.4g %%\n", 100**s.Accuracy)
	}
}

// printEvidence prints the evidence bound of a model with a code that is sampled, and what it is made of.
func printEvidence(out io.Writer, e *job.Evidence, target bool) {
	of, what := "p(x)", "p(x|z)"
	if target {
		of, what = "p(y|x)", "p(y|z)"
	}
	fmt.Fprintf(out, "elbo     %.6g nats a sample, a lower bound of log %s by %d draws of each sample: -(recon + kl)\n", e.ELBO, of, job.Draws)
	fmt.Fprintf(out, "recon    %.6g nats, -log %s of drawn codes\nkl       %.6g nats, the divergence of codes from the prior\n", e.NLL, what, e.KL)
	units := make([]string, len(e.Units))
	for i, kl := range e.Units {
		units[i] = fmt.Sprintf("%.3g", kl)
	}
	fmt.Fprintf(out, "kl units %s\nactive   %d of %d units: the variance of their means is above %g\n", strings.Join(units, " "), e.Active, len(e.Units), job.Active)
	switch {
	case e.IWAE == nil:
	case target:
		fmt.Fprintf(out, "iwae     %.6g nats, a lower bound of log %s: the log of the mean of %s over %d draws, without kl\n", *e.IWAE, of, what, e.Draws)
	default:
		fmt.Fprintf(out, "iwae     %.6g nats, the importance-weighted lower bound of log %s by %d draws\n", *e.IWAE, of, e.Draws)
	}
}

// printActivity prints how much of a sparse code is used.
func printActivity(out io.Writer, a *job.Activity) {
	mean := 0.0
	for _, m := range a.Mean {
		mean += m / float64(len(a.Mean))
	}
	fmt.Fprintf(out, "l0       %.6g of %d values of a code are beyond ±%g\n", a.L0, len(a.Frequency), a.Above)
	fmt.Fprintf(out, "mean     %.4g of a value of the code, from %.4g to %.4g by latent\n", mean, slices.Min(a.Mean), slices.Max(a.Mean))
	fmt.Fprintf(out, "zeros    %.4g %% of all values are exactly 0\ndead     %.4g %% of the latents are beyond ±%g for no sample\n", 100*a.Zeros, 100*a.Dead, a.Above)
	fmt.Fprintf(out, "fvu      %.6g of the variance of the data is unexplained\n", a.FVU)
}
