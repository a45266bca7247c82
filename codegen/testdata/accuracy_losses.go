package main

import (
	"fmt"
	"math"

	"github.com/aegen/aegen/compiler/nn"
)

// A rowLoss is a loss of rows of 16 values, and its derivative.
type rowLoss struct {
	by       nn.Loss
	rows     func(s, a, t *float32, n int)
	gradient func(s, d, a, t *float32, n int, share float32)
}

// loss measures the terms of a likelihood and their derivatives: in every row of 16, all values but one add nothing. Errors are in ulp of
// the larger of 1 and the value; of a count t also of the terms that cancel, t·log t, and in the derivative t.
func (l rowLoss) loss(x []float32, target float32) (term, slope measure) {
	term.Name, slope.Name = fmt.Sprintf("%v at %v", l.by, target), fmt.Sprintf("derivative of %v at %v", l.by, target)
	const width = 16
	logits, targets := make([]float32, width*len(x)), make([]float32, width*len(x))
	for i, v := range x {
		for j := range width {
			logits[width*i+j] = -200
		}
		logits[width*i+i%width], targets[width*i+i%width] = v, target
	}
	scores := term.both(len(x), func(s []float32) { l.rows(&s[0], &logits[0], &targets[0], len(x)) })
	d := slope.both(len(logits), func(d []float32) {
		s := make([]float32, len(x))
		l.gradient(&s[0], &d[0], &logits[0], &targets[0], len(x), 1)
		for i, v := range s {
			if v != scores[i] && v == v {
				slope.wrong("the loss of %v is %v with a derivative, %v without", x[i], v, scores[i])
			}
		}
	})
	terms, least := 1.0, 1.0
	if l.by.Likelihood == nn.Poisson && target > 1 {
		terms, least = max(1, float64(target)*math.Log(float64(target))), float64(target)
	}
	for i, v := range x {
		want, slopes := l.by.Linked([]float64{float64(v)}, []float64{float64(target)})
		term.error(v, scores[i], want, max(terms, math.Abs(want)))
		slope.error(v, d[width*i+i%width], slopes[0], max(least, math.Abs(slopes[0])))
	}
	return term, slope
}

// classes is the number of classes of categorical: a register and a part of one.
const classes = 11

// categorical measures softmax, the loss of a class and its derivatives: in every row one logit is of x, the others are around 0.
func categorical(x []float32, class int) (probabilities, term, slope measure) {
	probabilities.Name, term.Name = fmt.Sprintf("softmax, x near %d", class), fmt.Sprintf("loss of class %d", class)
	slope.Name = "derivative of the " + term.Name
	logits, targets := make([]float32, classes*len(x)), make([]int32, len(x))
	for i, v := range x {
		for j := range classes {
			logits[classes*i+j] = float32(j-5) / 3
		}
		logits[classes*i+i%classes], targets[i] = v, int32((i+class)%classes)
	}
	p := probabilities.both(len(logits), func(y []float32) { softmaxRows(&y[0], &logits[0], len(x)) })
	scores := term.both(len(x), func(s []float32) { classRows(&s[0], &logits[0], &targets[0], len(x)) })
	d := slope.both(len(logits), func(d []float32) {
		s := make([]float32, len(x))
		classGradientRows(&s[0], &d[0], &logits[0], &targets[0], len(x), 1)
		for i, v := range s {
			if v != scores[i] && v == v {
				slope.wrong("the loss of %v is %v with a derivative, %v without", x[i], v, scores[i])
			}
		}
	})
	row, target := make([]float64, classes), make([]float64, classes)
	for i, v := range x {
		clear(target)
		for j := range classes {
			row[j] = float64(logits[classes*i+j])
		}
		target[targets[i]] = 1
		want, norm := nn.Softmax(row)
		loss := norm - row[targets[i]]
		if most := max(float64(v), 5.0/3); math.Abs(most) > 1e15 && !math.IsInf(most, 0) { // where a difference from the norm would lose all
			loss = most - row[targets[i]]
		}
		term.error(v, scores[i], loss, max(1, math.Abs(loss)))
		for j, w := range want {
			probabilities.error(v, p[classes*i+j], w, 1)
			slope.error(v, d[classes*i+j], w-target[j], 1)
		}
	}
	return probabilities, term, slope
}
