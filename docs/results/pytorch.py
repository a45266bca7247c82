#!/usr/bin/python3
"""Trains a model with PyTorch from where aegen starts, and prints JSON lines: one an epoch, then the held-out error.

    pytorch.py START NAME DATA THREADS        (Debian: python3-torch)

START is the folder that docs/results/start has filled, NAME the model, DATA the folder of Fashion-MNIST. The loss of an
epoch is the mean over its samples, each seen before the update that uses it. Its seconds are those of its steps, and of
bringing their samples together.
"""
import gzip
import json
import pathlib
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

ACTIVATIONS = {"relu": nn.ReLU, "sigmoid": nn.Sigmoid}


def images(path):
    """[samples, width] float32 in [0, 1] of an IDX file of bytes."""
    raw = gzip.decompress(path.read_bytes())
    samples, *dims = np.frombuffer(raw, ">u4", 3, offset=4)
    pixels = np.frombuffer(raw, np.uint8, offset=16).reshape(samples, int(np.prod(dims)))
    return torch.from_numpy(pixels.astype(np.float32) / np.float32(255))


def tensors(path):
    """The arrays of a safetensors file of float32, by name."""
    raw = path.read_bytes()
    start = 8 + int.from_bytes(raw[:8], "little")
    header = json.loads(raw[8:start])
    header.pop("__metadata__", None)
    found = {}
    for name, t in header.items():
        begin, end = (start + offset for offset in t["data_offsets"])
        found[name] = torch.from_numpy(np.frombuffer(raw[begin:end], "<f4").reshape(t["shape"]).copy())
    return found


def network(layers, weights):
    """The layers in turn. The last gives logits."""
    modules = []
    for layer in layers:
        linear = nn.Linear(layer["in"], layer["out"])
        with torch.no_grad():
            linear.weight.copy_(weights[layer["name"] + ".weight"])
            linear.bias.copy_(weights[layer["name"] + ".bias"])
        modules.append(linear)
        if layer["activation"]:
            modules.append(ACTIVATIONS[layer["activation"]]())
    return nn.Sequential(*modules)


def epoch(net, adam, data, order, batch):
    """Takes the samples in the order, the last batch as short as it comes, and returns their mean loss."""
    total = 0.0
    for samples in order.split(batch):
        x = data[samples]
        adam.zero_grad(set_to_none=True)
        loss = F.binary_cross_entropy_with_logits(net(x), x, reduction="sum") / len(x)
        loss.backward()
        adam.step()
        total += loss.item() * len(x)
    return total / len(order)


def held_out(net, data):
    """The squared error of a sample, summed over its values: the mean over the samples."""
    with torch.inference_mode():
        errors = [((torch.sigmoid(net(x)) - x) ** 2).sum(1, dtype=torch.float64) for x in data.split(1000)]
    return torch.cat(errors).mean().item()


def main():
    if len(sys.argv) != 5:
        sys.exit("usage: pytorch.py START NAME DATA THREADS")
    path, data = pathlib.Path(sys.argv[1]) / sys.argv[2], pathlib.Path(sys.argv[3])
    torch.set_num_threads(int(sys.argv[4]))
    s = json.loads(path.with_suffix(".json").read_text())
    x = images(data / "train-images-idx3-ubyte.gz")
    order = np.fromfile(path.with_suffix(".order"), "<u4").astype(np.int64)
    if len(order) != s["epochs"] * len(x):
        sys.exit(f"pytorch.py: an order of {s['epochs']} x {len(x)} samples expected, {len(order)} found")
    net = network(s["layers"], tensors(path.with_suffix(".safetensors")))
    adam = torch.optim.Adam(net.parameters(), lr=s["rate"], betas=(s["beta1"], s["beta2"]), eps=s["eps"])
    for n, samples in enumerate(torch.from_numpy(order).split(len(x)), 1):
        begin = time.perf_counter()
        loss = epoch(net, adam, x, samples, s["batch"])
        print(json.dumps({"epoch": n, "loss": loss, "seconds": time.perf_counter() - begin}), flush=True)
    print(json.dumps({"sse": held_out(net, images(data / "t10k-images-idx3-ubyte.gz"))}))


main()
