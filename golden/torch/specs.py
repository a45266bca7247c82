#!/usr/bin/python3
"""Writes stacked.json, classifier.json and sae.json: what PyTorch computes for these specs, in float64.

    python3 golden/torch/specs.py        (Debian: python3-torch)

Weights, inputs and what a fixture holds are those of fixtures.py. Losses and gradients are those of training: inputs are masked by the random
bits of the spec's seed, which codes, reconstructions and scores are not. The class of sample i is 7·i mod 10.
"""
import json
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

from constrained import tensors
from fixtures import SAMPLES, bits, fill, kept

NOISE = 1 << 34  # the stream of the first line of corrupt


def masking(x, step, p):
    """x with each value 0 with probability p."""
    below = round(p * 2**32) - 2**31
    keep = [[bits(1, NOISE, step, s, i) >= below for i in range(x.shape[1])] for s in range(SAMPLES)]
    return x * torch.tensor(keep)


def shapes(layers):
    return {k: s for name, inputs, outputs in layers for k, s in [(name + ".weight", (outputs, inputs)), (name + ".bias", (outputs,))]}


def dense(p, name, h):
    return F.linear(h, p[name + ".weight"], p[name + ".bias"])


class Stacked:
    width, noise = 784, 0.25
    shapes = shapes([("encoder.0", 784, 500), ("encoder.1", 500, 500), ("bottleneck", 500, 250), ("decoder.0", 250, 500), ("decoder.1", 500, 500), ("decoder.2", 500, 784)])

    def code(p, x):
        h = torch.sigmoid(dense(p, "encoder.1", torch.sigmoid(dense(p, "encoder.0", x))))
        return torch.sigmoid(dense(p, "bottleneck", h))

    def decode(p, z):
        return dense(p, "decoder.2", torch.sigmoid(dense(p, "decoder.1", torch.sigmoid(dense(p, "decoder.0", z)))))

    link = torch.sigmoid

    def nll(a, x):
        return F.binary_cross_entropy_with_logits(a, x, reduction="none").sum(1)


class Classifier:
    width, noise = 784, 0.1
    shapes = shapes([("encoder.0", 784, 256), ("bottleneck", 256, 64), ("decoder.0", 64, 10)])

    def code(p, x):
        return torch.relu(dense(p, "bottleneck", torch.relu(dense(p, "encoder.0", x))))

    def decode(p, z):
        return dense(p, "decoder.0", z)

    def link(a):
        return torch.softmax(a, 1)

    def nll(a, x):
        return F.cross_entropy(a, torch.arange(SAMPLES) * 7 % 10, reduction="none")


class SAE:
    width, noise = 768, 0
    shapes = shapes([("bottleneck", 768, 16384), ("decoder.0", 16384, 768)])

    def code(p, x):
        h = torch.relu(dense(p, "bottleneck", x - p["decoder.0.bias"]))
        values, places = torch.topk(h, 32)
        return torch.zeros_like(h).scatter(1, places, values)

    def decode(p, z):
        return dense(p, "decoder.0", z)

    def link(a):
        return a

    def nll(a, x):
        return ((a - x) ** 2).mean(1)


def fixture(spec):
    p = tensors(spec.shapes)
    x = torch.tensor(((fill(1000, SAMPLES * spec.width) + 1) / 2).astype(np.float64).reshape(SAMPLES, spec.width))
    z = spec.code(p, x)
    a = spec.decode(p, z)
    out = {"samples": SAMPLES, "code": kept(z), "reconstruction": kept(spec.link(a)), "scores": spec.nll(a, x).tolist(), "losses": []}
    adam = torch.optim.Adam(p.values(), lr=1e-3)
    for step in range(3):
        adam.zero_grad()
        loss = spec.nll(spec.decode(p, spec.code(p, masking(x, step, spec.noise) if spec.noise else x)), x).mean()
        loss.backward()
        out["losses"].append(float(loss))
        if step == 0:
            out["gradients"] = {name: kept(v.grad) for name, v in p.items()}
        adam.step()
    out["trained"] = {name: kept(v) for name, v in p.items()}
    return out


if __name__ == "__main__":
    for spec in [Stacked, Classifier, SAE]:
        (pathlib.Path(__file__).parent / f"{spec.__name__.lower()}.json").write_text(json.dumps(fixture(spec), indent=1) + "\n")
