#!/usr/bin/python3
"""Writes codebook.json: what PyTorch computes for a small model with a quantised code, in float64.

    python3 golden/torch/codebook.py        (Debian: python3-torch)

The model is x (24) → h (12) → z → r (24), z 4 vectors of 3 values from a codebook of 10. Weights and inputs come from fill() of kept.py. The
file holds codes and scores of 6 samples, the gradient of mean squared error and commitment by every trained parameter, the
losses of three steps of Adam, and the parameters and moving averages after them: once with vectors that start again, once without.
"""
import json
import math
import pathlib

import numpy as np
import torch

SAMPLES, WIDTH, CODES, DIM, GROUPS, BETA, DECAY, EPSILON, SEED = 6, 24, 10, 3, 4, 0.25, 0.8, 1e-5, 1
MASK = 2**64 - 1


def fill(stream, count):
    """count float32 values in [-1, 1): a hash of the index, different for each stream."""
    i = np.arange(count, dtype=np.uint64)
    h = (i * 2654435761 + stream * 40503 + 977) % 2**32
    h ^= h >> 15
    h = h * 2246822519 % 2**32
    h ^= h >> 13
    return ((h >> 8).astype(np.float64) / 2**23 - 1).astype(np.float32)


def mix(x):
    """The finaliser of SplitMix64 (Steele, Lea and Flood 2014)."""
    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9 & MASK
    x = (x ^ x >> 27) * 0x94D049BB133111EB & MASK
    return x ^ x >> 31


def bits(step, i):
    """The 32 bits of vector i in a step."""
    gamma = 0x9E3779B97F4A7C15
    key = mix(mix(SEED + gamma & MASK) + 2**37 & MASK)
    key = mix(mix(key + step & MASK))
    return mix(key + gamma * (i // 2 + 1) & MASK) >> 32 * (i % 2) & 0xFFFFFFFF


def case(revive):
    p, inputs = {}, WIDTH
    streams = iter(range(5))
    for name, width in [("bottleneck", DIM * GROUPS), ("decoder.0", WIDTH)]:
        weight = fill(next(streams), width * inputs).astype(np.float64) * math.sqrt(3 / inputs)
        p[name + ".weight"] = torch.tensor(weight.reshape(width, inputs), requires_grad=True)
        p[name + ".bias"] = torch.tensor(fill(next(streams), width).astype(np.float64) * 0.1, requires_grad=True)
        inputs = width
    book = torch.tensor(fill(4, CODES * DIM).astype(np.float64).reshape(CODES, DIM))
    uses, sums = torch.zeros(CODES, dtype=torch.float64), torch.zeros(CODES, DIM, dtype=torch.float64)
    x = torch.tensor(((fill(1000, SAMPLES * WIDTH) + 1) / 2).astype(np.float64).reshape(SAMPLES, WIDTH))
    adam = torch.optim.Adam(p.values(), lr=1e-2)
    out = {"losses": []}
    for step in range(3):
        h = x @ p["bottleneck.weight"].T + p["bottleneck.bias"]
        flat = h.detach().reshape(-1, DIM)
        nearest = torch.cdist(flat, book, compute_mode="donot_use_mm_for_euclid_dist").argmin(1)
        e = book[nearest].reshape(h.shape)
        z = h + (e - h).detach()
        scores = ((z @ p["decoder.0.weight"].T + p["decoder.0.bias"] - x) ** 2).mean(1)
        loss = (scores + BETA * ((h - e) ** 2).sum(1)).mean()
        adam.zero_grad()
        loss.backward()
        out["losses"].append(loss.item())
        if step == 0:
            out["code"], out["scores"] = e.flatten().tolist(), scores.tolist()
            out["gradients"] = {name: t.grad.flatten().tolist() for name, t in p.items()}
        adam.step()
        one_hot = torch.nn.functional.one_hot(nearest, CODES).double()
        uses = DECAY * uses + (1 - DECAY) * one_hot.sum(0)
        total = uses.sum()
        moved = DECAY * sums + (1 - DECAY) * one_hot.T @ flat
        smoothed = (uses + EPSILON) / (total + CODES * EPSILON) * total
        dead = uses < revive * total / CODES
        drawn = flat[[bits(step, i) * len(flat) >> 32 for i in range(CODES)]]
        even = total / CODES
        fresh = torch.where((uses > 0)[:, None], moved / smoothed[:, None], book)
        book = torch.where(dead[:, None], drawn, fresh)
        sums = torch.where(dead[:, None], drawn * even, moved)
        uses = torch.where(dead, even, uses)
        out.setdefault("revived", []).append(int(dead.sum()))
    out["trained"] = {name: t.flatten().tolist() for name, t in p.items()}
    out["trained"]["bottleneck.codebook"] = book.flatten().tolist()
    out["uses"], out["sums"] = uses.tolist(), sums.flatten().tolist()
    return out


def rounded(v):
    if isinstance(v, dict):
        return {k: rounded(w) for k, w in v.items()}
    if isinstance(v, list):
        return [rounded(w) for w in v]
    return float(f"{v:.12g}")


path = pathlib.Path(__file__).with_name("codebook.json")
path.write_text(json.dumps(rounded({"0.3": case(0.3), "0": case(0)})) + "\n")
