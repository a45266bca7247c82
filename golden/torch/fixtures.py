#!/usr/bin/python3
"""Writes fashion.json, hinton.json and dropout.json: what PyTorch computes for three specs, in float64.

    python3 golden/torch/fixtures.py        (Debian: python3-torch)

Weights and inputs come from an integer formula, so that the Go tests make the
same ones: fill() here, and fill() in golden/torch_test.go. A fixture holds, for
a batch of 8 samples: outputs, the loss, every gradient and every parameter after
three Adam steps. Of each array it keeps the Euclidean norm and 40 entries.
Losses and gradients are those of training: with the masks of dropout, which
follow from the seed.
"""
import json
import math
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

SAMPLES = 8
KEPT = 40
SPECS = {
    "fashion": (784, [256, 64, 32, 64, 256, 784], "rrirri"),
    "hinton": (784, [1000, 500, 250, 30, 250, 500, 1000, 784], "sssisssi"),
    "dropout": (784, [256, 32, 256, 784], "riri", {0: 0.1, 1: 0.25, 3: 0.25}),
}
SEED = 1
ACTIVATIONS = {"r": torch.relu, "s": torch.sigmoid, "i": lambda x: x}


def fill(stream, count):
    """count float32 values in [-1, 1): a hash of the index, different for each stream."""
    i = np.arange(count, dtype=np.uint64)
    h = (i * 2654435761 + stream * 40503 + 977) % 2**32
    h ^= h >> 15
    h = h * 2246822519 % 2**32
    h ^= h >> 13
    return ((h >> 8).astype(np.float64) / 2**23 - 1).astype(np.float32)


def mix(x):
    """The finaliser of SplitMix64 on arrays of uint64."""
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


def mask(number, step, shape, p):
    """What dropout number multiplies the values of a step's batch by."""
    gamma, u = np.uint64(0x9E3779B97F4A7C15), np.uint64
    with np.errstate(over="ignore"):
        key = mix(mix(np.array([SEED], u) + gamma) + u(2**35 + number))
        key = mix(mix(key + u(step)) + np.arange(shape[0], dtype=u))
        words = mix(key[:, None] + gamma * (np.arange(shape[1], dtype=u) // u(2) + u(1)))
    bits = (words >> (u(32) * (np.arange(shape[1], dtype=u) % u(2)))).astype(np.uint32).astype(np.int32)
    return torch.tensor(np.where(bits < round(p * 2**32) - 2**31, 0, 1 / (1 - p)))


def kept(array):
    """The norm of an array and KEPT of its entries, at equal distances."""
    flat = array.detach().numpy().reshape(-1)
    step = max(1, len(flat) // KEPT)
    return {"norm": float(np.sqrt(np.sum(flat**2))), "step": step, "values": [float(v) for v in flat[::step][:KEPT]]}


def names(widths):
    """The parameter prefixes of a mirrored spec, in order."""
    half = len(widths) // 2
    return [f"encoder.{i}" for i in range(half - 1)] + ["bottleneck"] + [f"decoder.{i}" for i in range(half)]


def fixture(width, widths, activations, dropout={}):
    """Dropout holds probabilities by the number of the layer that they come before."""
    params, inputs = {}, width
    for n, (name, outputs) in enumerate(zip(names(widths), widths)):
        weight = fill(2 * n, outputs * inputs) * np.float32(math.sqrt(3 / inputs))
        bias = fill(2 * n + 1, outputs) * np.float32(0.1)
        params[name + ".weight"] = torch.tensor(weight.reshape(outputs, inputs).astype(np.float64), requires_grad=True)
        params[name + ".bias"] = torch.tensor(bias.astype(np.float64), requires_grad=True)
        inputs = outputs
    x = torch.tensor(((fill(1000, SAMPLES * width) + 1) / 2).astype(np.float64).reshape(SAMPLES, width))

    def forward(step=None):
        """Code and logits; with a step, those of training."""
        h, code = x, None
        for n, (name, act) in enumerate(zip(names(widths), activations)):
            if n in dropout and step is not None:
                h = h * mask(list(dropout).index(n), step, h.shape, dropout[n])
            h = ACTIVATIONS[act](F.linear(h, params[name + ".weight"], params[name + ".bias"]))
            if name == "bottleneck":
                code = h
        return code, h

    code, logits = forward()
    scores = F.binary_cross_entropy_with_logits(logits, x, reduction="none").sum(1)
    out = {
        "samples": SAMPLES,
        "code": kept(code),
        "reconstruction": kept(torch.sigmoid(logits)),
        "scores": [float(s) for s in scores],
        "losses": [],
    }
    adam = torch.optim.Adam(params.values(), lr=1e-3)
    for step in range(3):
        adam.zero_grad()
        loss = F.binary_cross_entropy_with_logits(forward(step)[1], x, reduction="sum") / SAMPLES
        loss.backward()
        out["losses"].append(float(loss))
        if step == 0:
            out["gradients"] = {name: kept(p.grad) for name, p in params.items()}
        adam.step()
    out["trained"] = {name: kept(p) for name, p in params.items()}
    return out


here = pathlib.Path(__file__).parent
for spec, model in SPECS.items():
    (here / f"{spec}.json").write_text(json.dumps(fixture(*model), indent=1) + "\n")
