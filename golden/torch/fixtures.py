#!/usr/bin/python3
"""Writes fashion.json and hinton.json: what PyTorch computes for two specs, in float64.

    python3 golden/torch/fixtures.py        (Debian: python3-torch)

Weights and inputs come from an integer formula, so that the Go tests make the
same ones: fill() here, and fill() in golden/torch_test.go. A fixture holds, for
a batch of 8 samples: outputs, the loss, every gradient and every parameter after
three Adam steps. Of each array it keeps the Euclidean norm and 40 entries.
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
}
ACTIVATIONS = {"r": torch.relu, "s": torch.sigmoid, "i": lambda x: x}


def fill(stream, count):
    """count float32 values in [-1, 1): a hash of the index, different for each stream."""
    i = np.arange(count, dtype=np.uint64)
    h = (i * 2654435761 + stream * 40503 + 977) % 2**32
    h ^= h >> 15
    h = h * 2246822519 % 2**32
    h ^= h >> 13
    return ((h >> 8).astype(np.float64) / 2**23 - 1).astype(np.float32)


def kept(array):
    """The norm of an array and KEPT of its entries, at equal distances."""
    flat = array.detach().numpy().reshape(-1)
    step = max(1, len(flat) // KEPT)
    return {"norm": float(np.sqrt(np.sum(flat**2))), "step": step, "values": [float(v) for v in flat[::step][:KEPT]]}


def names(widths):
    """The parameter prefixes of a mirrored spec, in order."""
    half = len(widths) // 2
    return [f"encoder.{i}" for i in range(half - 1)] + ["bottleneck"] + [f"decoder.{i}" for i in range(half)]


def fixture(width, widths, activations):
    params, inputs = {}, width
    for n, (name, outputs) in enumerate(zip(names(widths), widths)):
        weight = fill(2 * n, outputs * inputs) * np.float32(math.sqrt(3 / inputs))
        bias = fill(2 * n + 1, outputs) * np.float32(0.1)
        params[name + ".weight"] = torch.tensor(weight.reshape(outputs, inputs).astype(np.float64), requires_grad=True)
        params[name + ".bias"] = torch.tensor(bias.astype(np.float64), requires_grad=True)
        inputs = outputs
    x = torch.tensor(((fill(1000, SAMPLES * width) + 1) / 2).astype(np.float64).reshape(SAMPLES, width))

    def forward():
        h, code = x, None
        for name, act in zip(names(widths), activations):
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
        loss = F.binary_cross_entropy_with_logits(forward()[1], x, reduction="sum") / SAMPLES
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
