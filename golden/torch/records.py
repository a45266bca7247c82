#!/usr/bin/python3
"""Writes records.json: what PyTorch computes for anomaly.ae, whose input is a record, in float64.

    python3 golden/torch/records.py        (Debian: python3-torch)

The likelihood of each field is that of torch.distributions, in the units of the data: normal of a number, and of the
logarithm of one, which a TransformedDistribution takes back; categorical, Bernoulli, Poisson. Weights and samples come
from the formula of fixtures.py. A second part holds the fields alone under numbers of many sizes.
"""
import json
import math
import pathlib

import numpy as np
import torch
import torch.distributions as D
import torch.nn.functional as F

SAMPLES = 8
KEPT = 40
LOG, REAL, CATEGORY, BINARY, COUNT = "log", "real", "category", "binary", "count"
FIELDS = [(LOG, 1), (LOG, 1), (LOG, 1), (REAL, 1), (CATEGORY, 3), (CATEGORY, 5), (BINARY, 1), (COUNT, 1), (COUNT, 1)]
LAYERS = [("encoder.0", 24), ("encoder.1", 12), ("bottleneck", 4), ("decoder.0", 12), ("decoder.1", 24), ("decoder.2", 15)]


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


def example(kind, width, h):
    """A value of a field from h in [-1, 1): Example of compiler/nn."""
    h = h.astype(np.float64)
    return {REAL: 2 * h, LOG: 4 * (h + 1), CATEGORY: np.floor((h + 1) / 2 * width), BINARY: (h >= 0) * 1.0, COUNT: np.floor(3 * (h + 1))}[kind]


def standardised(fields):
    return [i for i, (kind, _) in enumerate(fields) if kind in (REAL, LOG, COUNT)]


def features(fields, x, mean, log_deviation):
    parts, s = [], 0
    for i, (kind, width) in enumerate(fields):
        v = x[:, i]
        if kind == CATEGORY:
            parts.append(F.one_hot(v.long(), width).double())
            continue
        if kind != BINARY:
            v = (v if kind == REAL else torch.log1p(v))
            v = (v - mean[s]) / torch.exp(log_deviation[s])
            s += 1
        parts.append(v[:, None])
    return torch.cat(parts, 1)


def likelihoods(fields, o, x, mean, log_deviation, log_std):
    """-log p of each field, [samples, fields]."""
    parts, at, s, k = [], 0, 0, 0
    for i, (kind, width) in enumerate(fields):
        v, a = x[:, i], o[:, at : at + width]
        at += width
        if kind == CATEGORY:
            p = D.Categorical(logits=a)
        elif kind == BINARY:
            p = D.Bernoulli(logits=a[:, 0])
        else:
            deviation = torch.exp(log_deviation[s])
            middle = mean[s] + deviation * a[:, 0]
            s += 1
            if kind == COUNT:
                p = D.Poisson(torch.exp(middle), validate_args=False)
            else:
                p = D.Normal(middle, deviation * torch.sqrt(torch.exp(2 * log_std[k]) + 1e-6))
                k += 1
            if kind == LOG:  # of exp(y) - 1 for a normal y
                p = D.TransformedDistribution(p, [D.ExpTransform(), D.AffineTransform(-1, 1)], validate_args=False)
        parts.append(-p.log_prob(v))
    return torch.stack(parts, 1)


def model():
    params, stream = {}, 0

    def add(name, *shape):
        nonlocal stream
        scale = np.float32(0.1) if len(shape) == 1 else np.float32(math.sqrt(3 / shape[1]))
        v = fill(stream, int(np.prod(shape))) * scale
        params[name] = torch.tensor(v.reshape(shape).astype(np.float64))
        stream += 1

    n = len(standardised(FIELDS))
    add("input.mean", n)
    add("input.log_deviation", n)
    inputs = sum(w for _, w in FIELDS)
    for name, outputs in LAYERS:
        add(name + ".weight", outputs, inputs)
        add(name + ".bias", outputs)
        inputs = outputs
    add("fields.log_std", sum(kind in (REAL, LOG) for kind, _ in FIELDS))
    trained = {name: p.requires_grad_() for name, p in params.items() if not name.startswith("input.")}
    h = fill(1000, SAMPLES * len(FIELDS)).reshape(SAMPLES, -1)
    x = torch.tensor(np.stack([example(*f, h[:, i]) for i, f in enumerate(FIELDS)], 1).astype(np.float32).astype(np.float64))

    def forward():
        v = features(FIELDS, x, params["input.mean"], params["input.log_deviation"])
        for name, _ in LAYERS:
            v = F.linear(v, params[name + ".weight"], params[name + ".bias"])
            if name == "bottleneck":
                code = v
            elif name != "decoder.2":
                v = torch.relu(v)
        return code, likelihoods(FIELDS, v, x, params["input.mean"], params["input.log_deviation"], params["fields.log_std"])

    code, parts = forward()
    out = {"samples": SAMPLES, "code": kept(code), "contributions": kept(parts), "scores": [float(s) for s in parts.sum(1)], "losses": []}
    adam = torch.optim.Adam(trained.values(), lr=3e-3)
    for step in range(3):
        adam.zero_grad()
        loss = forward()[1].sum(1).mean()
        loss.backward()
        out["losses"].append(float(loss))
        if step == 0:
            out["gradients"] = {name: kept(p.grad) for name, p in trained.items()}
        adam.step()
    out["trained"] = {name: kept(p) for name, p in trained.items()}
    return out


def alone():
    """Each field by itself: value, derivatives by its numbers o and by ρ, for o up to 10,000."""
    rng, cases = np.random.default_rng(1), []
    for kind, width in [(REAL, 1), (LOG, 1), (CATEGORY, 4), (BINARY, 1), (COUNT, 1)]:
        for size in [0.1, 1, 3, 1e2, 1e4]:
            for _ in range(4):
                o = torch.tensor(size * rng.standard_normal((1, width)), requires_grad=True)
                rho = torch.tensor(rng.standard_normal(1), requires_grad=True)
                mean, log_deviation = torch.tensor(rng.standard_normal(1)), torch.tensor(0.5 * rng.standard_normal(1))
                x = torch.tensor(example(kind, width, rng.uniform(-1, 1, (1, 1))))
                nll = likelihoods([(kind, width)], o, x, mean, log_deviation, rho)[0, 0]
                nll.backward()
                case = {"kind": kind, "o": o[0].tolist(), "rho": float(rho), "mean": float(mean), "log_deviation": float(log_deviation),
                        "x": float(x), "nll": float(nll), "slopes": o.grad[0].tolist(), "rho_slope": 0.0 if rho.grad is None else float(rho.grad)}
                bent = kind == COUNT and mean + log_deviation.exp() * o > 20  # where the rate of aegen is no exponential
                if all(map(math.isfinite, [case["nll"], *case["slopes"]])) and not bent:  # a Poisson's of PyTorch is not always
                    cases.append(case)
    return cases


here = pathlib.Path(__file__).parent
(here / "records.json").write_text(json.dumps({"model": model(), "fields": alone()}, indent=1) + "\n")
