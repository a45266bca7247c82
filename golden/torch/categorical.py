#!/usr/bin/python3
"""Writes categorical.json: what PyTorch's cross-entropy gives for a small network, in float64.

    python3 golden/torch/categorical.py        (Debian: python3-torch)

Of labels the targets are classes of places, some of them ignored, each class with a weight; the losses of a sample's places are summed.

The network is x (12) → tanh (9) → z (5) → logits (7, or 12 where x is the target). Weights, inputs and targets come from fill() of
fixtures.py. A case holds the scores of 6 samples, the probabilities, and the gradient of the mean by every parameter, whole.
"""
import json
import math
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

SAMPLES, WIDTH, CLASSES = 6, 12, 7


def fill(stream, count):
    """count float32 values in [-1, 1): a hash of the index, different for each stream."""
    i = np.arange(count, dtype=np.uint64)
    h = (i * 2654435761 + stream * 40503 + 977) % 2**32
    h ^= h >> 15
    h = h * 2246822519 % 2**32
    h ^= h >> 13
    return ((h >> 8).astype(np.float64) / 2**23 - 1).astype(np.float32)


def parameters(outputs, size):
    """Weights [out, in] and biases by name. Size multiplies the decoder's."""
    params, inputs = {}, WIDTH
    for n, (name, width) in enumerate([("encoder.0", 9), ("bottleneck", 5), ("decoder.0", outputs)]):
        factor = size if name == "decoder.0" else 1
        weight = fill(2 * n, width * inputs).astype(np.float64) * math.sqrt(3 / inputs) * factor
        bias = fill(2 * n + 1, width).astype(np.float64) * 0.1 * factor
        params[name + ".weight"] = torch.tensor(weight.reshape(width, inputs), requires_grad=True)
        params[name + ".bias"] = torch.tensor(bias, requires_grad=True)
        inputs = width
    return params


def distribution(stream, width):
    """Rows that sum to 1, the first of them with a single 1."""
    rows = ((fill(stream, SAMPLES * width) + 1) / 2).astype(np.float64).reshape(SAMPLES, width)
    rows /= rows.sum(1, keepdims=True)
    rows[0] = 0
    rows[0, 3] = 1
    return rows


def case(x, target, outputs, size=1):
    params = parameters(outputs, size)
    x = torch.tensor(x)
    h = torch.tanh(F.linear(x, params["encoder.0.weight"], params["encoder.0.bias"]))
    z = F.linear(h, params["bottleneck.weight"], params["bottleneck.bias"])
    logits = F.linear(z, params["decoder.0.weight"], params["decoder.0.bias"])
    scores = F.cross_entropy(logits, torch.tensor(target), reduction="none")
    scores.mean().backward()
    return {
        "size": size,
        "input": x.tolist(),
        "target": target.tolist(),
        "scores": scores.tolist(),
        "probabilities": torch.softmax(logits, 1).tolist(),
        "gradients": {name: p.grad.tolist() for name, p in params.items()},
    }


PLACES, KINDS, IGNORE, WEIGHTS = 4, 3, 255, [0.5, 1.0, 2.0]


def labels(x, target, size=1):
    """PLACES places with KINDS classes each, those of a place side by side: the sum over the places by weight and ignore_index of cross_entropy."""
    params = parameters(PLACES * KINDS, size)
    x = torch.tensor(x)
    h = torch.tanh(F.linear(x, params["encoder.0.weight"], params["encoder.0.bias"]))
    z = F.linear(h, params["bottleneck.weight"], params["bottleneck.bias"])
    logits = F.linear(z, params["decoder.0.weight"], params["decoder.0.bias"]).reshape(SAMPLES, PLACES, KINDS)
    weight = torch.tensor(WEIGHTS, dtype=torch.float64)
    scores = F.cross_entropy(logits.transpose(1, 2), torch.tensor(target), weight=weight, ignore_index=IGNORE, reduction="none").sum(1)
    scores.mean().backward()
    return {
        "size": size,
        "input": x.tolist(),
        "target": target.tolist(),
        "scores": scores.tolist(),
        "probabilities": torch.softmax(logits, 2).reshape(SAMPLES, -1).tolist(),
        "gradients": {name: p.grad.tolist() for name, p in params.items()},
    }


def main():
    x = fill(1000, SAMPLES * WIDTH).astype(np.float64).reshape(SAMPLES, WIDTH)
    classes = np.array([0, 6, 3, 3, 5, 1])
    shares = distribution(1000, WIDTH)
    mask = np.array([[0, 1, 2, 2], [255, 0, 0, 1], [2, 2, 255, 255], [1, 1, 0, 2], [0, 255, 1, 2], [255, 255, 255, 255]])
    cases = {
        "labels": labels(x, mask),
        "saturated labels": labels(x, mask, 1e4),
        "class": case(x, classes, CLASSES),
        "distribution": case(x, distribution(1001, CLASSES), CLASSES),
        "input": case(shares, shares, WIDTH),
        "saturated": case(x, classes, CLASSES, 1e4),
    }
    path = pathlib.Path(__file__).parent / "categorical.json"
    path.write_text(json.dumps(cases, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
