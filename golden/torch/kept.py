#!/usr/bin/python3
"""Writes kept.json: what PyTorch computes for small models that keep few values of their codes, in float64.

    python3 golden/torch/kept.py        (Debian: python3-torch)

A model is x (24) → z (60) → r (24): z is the 7 largest of relu(E·(x - p) + c), or E·x + c where it is above 0.2. Weights and inputs come
from fill() of fixtures.py. A case holds codes and scores of 6 samples, the gradient of the mean squared error by every parameter, the losses of three
steps of Adam, and the parameters after them.
"""
import json
import math
import pathlib

import numpy as np
import torch

SAMPLES, WIDTH, CODE, KEPT = 6, 24, 60, 7


def fill(stream, count):
    """count float32 values in [-1, 1): a hash of the index, different for each stream."""
    i = np.arange(count, dtype=np.uint64)
    h = (i * 2654435761 + stream * 40503 + 977) % 2**32
    h ^= h >> 15
    h = h * 2246822519 % 2**32
    h ^= h >> 13
    return ((h >> 8).astype(np.float64) / 2**23 - 1).astype(np.float32)


def parameters():
    """Weights [out, in] and biases by name."""
    params, inputs = {}, WIDTH
    for n, (name, width) in enumerate([("bottleneck", CODE), ("decoder.0", WIDTH)]):
        weight = fill(2 * n, width * inputs).astype(np.float64) * math.sqrt(3 / inputs)
        params[name + ".weight"] = torch.tensor(weight.reshape(width, inputs), requires_grad=True)
        params[name + ".bias"] = torch.tensor(fill(2 * n + 1, width).astype(np.float64) * 0.1, requires_grad=True)
        inputs = width
    return params


def topk(p, x):
    h = torch.relu((x - p["decoder.0.bias"]) @ p["bottleneck.weight"].T + p["bottleneck.bias"])
    values, places = torch.topk(h, KEPT)
    return torch.zeros_like(h).scatter(1, places, values)


def jumprelu(p, x):
    h = x @ p["bottleneck.weight"].T + p["bottleneck.bias"]
    return h * (h > 0.2)


def case(code):
    p = parameters()
    x = torch.tensor(((fill(1000, SAMPLES * WIDTH) + 1) / 2).astype(np.float64).reshape(SAMPLES, WIDTH))
    adam = torch.optim.Adam(p.values(), lr=1e-3)
    out = {"losses": []}
    for step in range(3):
        z = code(p, x)
        scores = ((z @ p["decoder.0.weight"].T + p["decoder.0.bias"] - x) ** 2).mean(1)
        adam.zero_grad()
        scores.mean().backward()
        out["losses"].append(scores.mean().item())
        if step == 0:
            out["code"] = z.flatten().tolist()
            out["scores"] = scores.tolist()
            out["gradients"] = {name: t.grad.flatten().tolist() for name, t in p.items()}
        adam.step()
    out["trained"] = {name: t.flatten().tolist() for name, t in p.items()}
    return out


def rounded(v):
    if isinstance(v, dict):
        return {k: rounded(w) for k, w in v.items()}
    if isinstance(v, list):
        return [rounded(w) for w in v]
    return float(f"{v:.12g}")


path = pathlib.Path(__file__).with_name("kept.json")
path.write_text(json.dumps(rounded({"topk": case(topk), "jumprelu": case(jumprelu)})) + "\n")
