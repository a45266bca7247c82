#!/usr/bin/python3
"""Writes sparse_l1.json, sparse_kl.json and contractive.json: what PyTorch computes for these specs, in float64.

    python3 golden/torch/constrained.py        (Debian: python3-torch)

Weights, inputs and what a fixture holds are those of fixtures.py. Losses and gradients are those of training, penalties included; scores are
without them. Gradients are autograd's, and the Jacobian of contractive is that of torch.autograd.functional.jacobian.
"""
import json
import math
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

from fixtures import SAMPLES, fill, kept

WIDTH = 784


def tensors(shapes):
    """Parameters by name, each filled from a stream of its own."""
    params = {}
    for n, (name, shape) in enumerate(shapes.items()):
        bound = np.float32(math.sqrt(3 / shape[1]) if len(shape) == 2 else 0.1)
        params[name] = torch.tensor((fill(n, math.prod(shape)) * bound).reshape(shape).astype(np.float64), requires_grad=True)
    return params


def layers(code, tied=False):
    shapes = {"bottleneck.weight": (code, WIDTH), "bottleneck.bias": (code,), "decoder.0.weight": (WIDTH, code), "decoder.0.bias": (WIDTH,)}
    if tied:
        del shapes["decoder.0.weight"]
    return shapes


def bernoulli(logits, x):
    return F.binary_cross_entropy_with_logits(logits, x, reduction="none").sum(1)


def gaussian(r, x):
    return -torch.distributions.Normal(r, 1.0).log_prob(x).sum(1)


def l1(p, x, z, f):
    return 0.05 * z.abs().sum(1).mean()


def kl(p, x, z, f):
    rho, m = torch.distributions.Bernoulli(torch.tensor(0.05, dtype=torch.float64)), torch.distributions.Bernoulli(z.mean(0))
    return 0.1 * torch.distributions.kl_divergence(rho, m).sum()


def contractive(p, x, z, f):
    jacobians = [torch.autograd.functional.jacobian(f, row, create_graph=True) for row in x]
    return 0.1 * torch.stack([(j**2).sum() for j in jacobians]).mean()


def shrunk(a):
    return F.softshrink(torch.relu(a), 0.05)


# Shapes, the code of its sums, likelihood, link, penalty, and whether the decoder's columns have norm 1.
SPECS = {
    "sparse_l1": (layers(1024), shrunk, gaussian, lambda a: a, l1, True),
    "sparse_kl": (layers(196), torch.sigmoid, bernoulli, torch.sigmoid, kl, False),
    "contractive": (layers(256, tied=True), torch.sigmoid, bernoulli, torch.sigmoid, contractive, False),
}


def fixture(shapes, activation, nll, link, penalty, unit):
    p = tensors(shapes)
    x = torch.tensor(((fill(1000, SAMPLES * WIDTH) + 1) / 2).astype(np.float64).reshape(SAMPLES, WIDTH))

    def encode(x):
        return activation(F.linear(x, p["bottleneck.weight"], p["bottleneck.bias"]))

    def decode(z):
        w = p["decoder.0.weight"] if "decoder.0.weight" in p else p["bottleneck.weight"].T
        return F.linear(z, w, p["decoder.0.bias"])

    z = encode(x)
    out = {"samples": SAMPLES, "code": kept(z), "reconstruction": kept(link(decode(z))), "scores": nll(decode(z), x).tolist(), "losses": []}
    adam = torch.optim.Adam(p.values(), lr=1e-3)
    for step in range(3):
        adam.zero_grad()
        z = encode(x)
        loss = nll(decode(z), x).mean() + penalty(p, x, z, encode)
        loss.backward()
        out["losses"].append(float(loss))
        if step == 0:
            out["gradients"] = {name: kept(v.grad) for name, v in p.items()}
        adam.step()
        if unit:
            with torch.no_grad():
                p["decoder.0.weight"] /= p["decoder.0.weight"].norm(dim=0, keepdim=True)
    out["trained"] = {name: kept(v) for name, v in p.items()}
    return out


if __name__ == "__main__":
    for spec, model in SPECS.items():
        (pathlib.Path(__file__).parent / f"{spec}.json").write_text(json.dumps(fixture(*model), indent=1) + "\n")
