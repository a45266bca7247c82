#!/usr/bin/python3
"""Trains the network of specs/classifier.ae with PyTorch by the same settings, and prints accuracy and nats on the test images.

    pytorch.py DATA SEED THREADS        (Debian: python3-torch)

DATA is the folder of Fashion-MNIST. Random numbers are PyTorch's own.
"""
import gzip
import json
import math
import pathlib
import sys

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


def idx(path, offset):
    return np.frombuffer(gzip.decompress(path.read_bytes()), np.uint8, offset=offset)


def part(folder, name):
    x = idx(folder / f"{name}-images-idx3-ubyte.gz", 16).reshape(-1, 784)
    y = idx(folder / f"{name}-labels-idx1-ubyte.gz", 8)
    return torch.from_numpy(x.astype(np.float32) / np.float32(255)), torch.from_numpy(y.astype(np.int64))


def linear(inputs, outputs, bound):
    layer = nn.Linear(inputs, outputs)
    nn.init.uniform_(layer.weight, -bound, bound)
    nn.init.zeros_(layer.bias)
    return layer


def main():
    data, seed, threads = pathlib.Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    torch.manual_seed(seed)
    torch.set_num_threads(threads)
    x, y = part(data, "train")
    net = nn.Sequential(
        linear(784, 256, math.sqrt(6 / 784)), nn.ReLU(),
        linear(256, 64, math.sqrt(6 / 256)), nn.ReLU(),
        linear(64, 10, math.sqrt(6 / (64 + 10))),
    )
    adam = torch.optim.Adam(net.parameters(), lr=1e-3)
    for _ in range(20):
        order = torch.randperm(len(x))
        for batch in order.split(128):
            seen = x[batch] * (torch.rand(len(batch), 784) >= 0.1)
            adam.zero_grad()
            F.cross_entropy(net(seen), y[batch]).backward()
            adam.step()
    x, y = part(data, "t10k")
    with torch.no_grad():
        logits = net(x)
    print(json.dumps({"accuracy": float((logits.argmax(1) == y).float().mean()), "nll": float(F.cross_entropy(logits, y))}))


if __name__ == "__main__":
    main()
