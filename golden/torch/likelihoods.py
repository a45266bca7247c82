#!/usr/bin/python3
"""Writes likelihoods.json: what the distributions of PyTorch give for a small network, in float64.

    python3 golden/torch/likelihoods.py        (Debian: python3-torch)

The network and its numbers are those of categorical.py; the input is the target. A case holds the scores of 6 samples, the reconstructions,
and the gradient of the mean by every parameter, whole.
"""
import json
import math
import pathlib

import numpy as np
import torch
import torch.nn.functional as F
from torch import distributions

from categorical import SAMPLES, WIDTH, fill, parameters


def case(x, likelihood, size=1):
    """likelihood(logits, x, ρ) is the log-probability of each value and the reconstruction."""
    params = parameters(WIDTH, size)
    rho = torch.tensor(fill(6, 1).astype(np.float64) * 0.1, requires_grad=True)
    x = torch.tensor(x)
    h = torch.tanh(F.linear(x, params["encoder.0.weight"], params["encoder.0.bias"]))
    z = F.linear(h, params["bottleneck.weight"], params["bottleneck.bias"])
    logits = F.linear(z, params["decoder.0.weight"], params["decoder.0.bias"])
    log_prob, reconstruction = likelihood(logits, x, rho)
    scores = -log_prob.reshape(SAMPLES, -1).sum(1)
    scores.mean().backward()
    if rho.grad is not None:
        params["reconstruct.log_std"] = rho
    return {
        "size": size,
        "input": x.tolist(),
        "target": [],
        "scores": scores.tolist(),
        "probabilities": reconstruction.tolist(),
        "gradients": {name: p.grad.tolist() for name, p in params.items()},
    }


def bernoulli(a, x, _):
    return distributions.Bernoulli(logits=a, validate_args=False).log_prob(x), torch.sigmoid(a)


def gaussian(a, x, _):
    return distributions.Normal(a, 0.5).log_prob(x), a


def learned(a, x, rho):
    return distributions.Normal(a, torch.exp(rho)).log_prob(x), a


def categorical(a, x, _):
    return distributions.OneHotCategorical(logits=a).log_prob(x), torch.softmax(a, 1)


def poisson(a, x, _):
    return distributions.Poisson(torch.exp(a)).log_prob(x), torch.exp(a)


def main():
    x = fill(1000, SAMPLES * WIDTH).astype(np.float64).reshape(SAMPLES, WIDTH)
    shares = (x + 1) / 2
    one = np.eye(WIDTH)[[0, 11, 3, 3, 7, 1]]
    counts = np.floor(4 * (x + 1))
    large = counts * 1000
    cases = {
        "bernoulli": case(shares, bernoulli),
        "gaussian(std: 0.5)": case(x, gaussian),
        "gaussian(std: learned)": case(x, learned),
        "categorical": case(one, categorical),
        "poisson": case(counts, poisson),
        "poisson of large counts": case(large, poisson, 8),
    }
    path = pathlib.Path(__file__).parent / "likelihoods.json"
    path.write_text(json.dumps(cases, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
