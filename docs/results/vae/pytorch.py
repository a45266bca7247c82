#!/usr/bin/python3
"""Trains the model of specs/vae.ae with PyTorch and judges it on held-out images, and with it the weights of aegen.

    pytorch.py DATA WEIGHTS        (Debian: python3-torch)

DATA is the folder of Fashion-MNIST, WEIGHTS a safetensors file of specs/vae.ae. Settings are those of the spec: Adam with a rate of
1e-3, batches of 128, 10 epochs, weights that start uniform within the bounds of docs/language.md. It prints a JSON object: the
loss of each epoch, and what eval finds for both, in nats an image.
"""
import gzip
import json
import math
import pathlib
import sys

import numpy as np
import torch
import torch.nn.functional as F

WIDTH, HIDDEN, CODE = 784, 400, 20
LAYERS = {"encoder.0": (WIDTH, HIDDEN), "bottleneck.mean": (HIDDEN, CODE), "bottleneck.logvar": (HIDDEN, CODE),
          "decoder.0": (CODE, HIDDEN), "decoder.1": (HIDDEN, WIDTH)}
RELU = ("encoder.0", "decoder.0")


def images(path):
    """[samples, width] float32 in [0, 1] of an IDX file of bytes."""
    raw = gzip.decompress(path.read_bytes())
    pixels = np.frombuffer(raw, np.uint8, offset=16).reshape(-1, WIDTH)
    return torch.from_numpy(pixels.astype(np.float32) / np.float32(255))


def tensors(path):
    """The arrays of a safetensors file of float32, by name."""
    raw = path.read_bytes()
    start = 8 + int.from_bytes(raw[:8], "little")
    header = json.loads(raw[8:start])
    header.pop("__metadata__", None)
    return {name: torch.from_numpy(np.frombuffer(raw[start + t["data_offsets"][0]:start + t["data_offsets"][1]], "<f4").reshape(t["shape"]).copy())
            for name, t in header.items()}


def initial():
    """Weights uniform by He where relu follows, else by Glorot; biases 0."""
    weights = {}
    for name, (inputs, outputs) in LAYERS.items():
        bound = math.sqrt(6 / inputs if name in RELU else 6 / (inputs + outputs))
        weights[name + ".weight"] = torch.empty(outputs, inputs).uniform_(-bound, bound).requires_grad_()
        weights[name + ".bias"] = torch.zeros(outputs, requires_grad=True)
    return weights


def dense(weights, name, x):
    return F.linear(x, weights[name + ".weight"], weights[name + ".bias"])


def posterior(weights, x):
    h = torch.relu(dense(weights, "encoder.0", x))
    return dense(weights, "bottleneck.mean", h), dense(weights, "bottleneck.logvar", h)


def nll(weights, z, x):
    """The negative log-likelihood of x given z, a sample each."""
    logits = dense(weights, "decoder.1", torch.relu(dense(weights, "decoder.0", z)))
    return F.binary_cross_entropy_with_logits(logits, x, reduction="none").sum(-1)


def divergence(mean, logvar):
    return (mean**2 + logvar.exp() - 1 - logvar) / 2


def train(weights, data, epochs=10, batch=128):
    adam = torch.optim.Adam(weights.values(), lr=1e-3)
    losses = []
    for _ in range(epochs):
        total = 0.0
        for samples in torch.randperm(len(data)).split(batch):
            x = data[samples]
            adam.zero_grad(set_to_none=True)
            mean, logvar = posterior(weights, x)
            z = mean + torch.exp(logvar / 2) * torch.randn_like(mean)
            loss = (nll(weights, z, x).sum() + divergence(mean, logvar).sum()) / len(x)
            loss.backward()
            adam.step()
            total += loss.item() * len(x)
        losses.append(total / len(data))
    return losses


@torch.inference_mode()
def judge(weights, data):
    """The bounds of log p(x) by 1, 5 and 50 draws, the evidence bound by all 50, and the divergence: means over the images."""
    sums = {"elbo": 0.0, "kl": 0.0, "1": 0.0, "5": 0.0, "50": 0.0}
    for x in data.split(100):
        mean, logvar = posterior(weights, x)
        e = torch.randn(50, *mean.shape)
        z = mean + torch.exp(logvar / 2) * e
        ratio = ((e**2 + logvar - z**2) / 2).sum(-1) - nll(weights, z, x.expand(50, -1, -1))
        kl = divergence(mean, logvar).sum(-1)
        sums["kl"] += kl.sum().item()
        sums["elbo"] += (-kl - nll(weights, z, x.expand(50, -1, -1)).mean(0)).sum().item()
        for k in (1, 5, 50):
            sums[str(k)] += (torch.logsumexp(ratio[:k].double(), 0) - math.log(k)).sum().item()
    return {name: s / len(data) for name, s in sums.items()}


def main():
    if len(sys.argv) != 3:
        sys.exit("usage: pytorch.py DATA WEIGHTS")
    data, trained = pathlib.Path(sys.argv[1]), tensors(pathlib.Path(sys.argv[2]))
    torch.manual_seed(1)
    weights = initial()
    losses = train(weights, images(data / "train-images-idx3-ubyte.gz"))
    held = images(data / "t10k-images-idx3-ubyte.gz")
    print(json.dumps({"losses": losses, "pytorch": judge(weights, held), "aegen": judge(trained, held)}))


main()
