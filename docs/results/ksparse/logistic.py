#!/usr/bin/python3
"""Logistic regression on pixels and on codes of Fashion-MNIST: prints a row of a table, the accuracies on test images in %.

    logistic.py DATA                        on pixels
    logistic.py DATA WEIGHTS K [FACTOR...]  on codes: the FACTOR·K largest of the values that ksparse.ae's encoder makes of an image

Makhzani and Frey keep more values for a classifier than in training, by a factor that they choose. Debian: python3-sklearn. At most 100
iterations of L-BFGS; every input is scaled so that its largest magnitude is 1.
"""
import gzip
import json
import pathlib
import sys

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import MaxAbsScaler


def idx(path):
    """An IDX file as an array, samples first."""
    data = gzip.open(path).read()
    dims = [int.from_bytes(data[4 + 4 * i : 8 + 4 * i], "big") for i in range(data[3])]
    return np.frombuffer(data, np.uint8, offset=4 + 4 * len(dims)).reshape(dims[0], -1)


def tensors(path):
    """The tensors of a safetensors file by name."""
    data = pathlib.Path(path).read_bytes()
    size = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + size])
    header.pop("__metadata__", None)
    return {name: np.frombuffer(data, "<f4", offset=8 + size + t["data_offsets"][0], count=int(np.prod(t["shape"]))).reshape(t["shape"])
            for name, t in header.items()}


def largest(h, k):
    """H with all but the k largest values of each row set to 0."""
    least = np.partition(h, -k, axis=1)[:, -k, None]
    return np.where(h >= least, h, 0)


def accuracy(train, test):
    scaler = MaxAbsScaler().fit(train)
    model = LogisticRegression(max_iter=100).fit(scaler.transform(train), labels[0])
    return 100 * model.score(scaler.transform(test), labels[1])


data = pathlib.Path(sys.argv[1])
images, labels = [], []
for name in ("train", "t10k"):
    images.append(idx(data / f"{name}-images-idx3-ubyte.gz").astype(np.float32) / 255)
    labels.append(idx(data / f"{name}-labels-idx1-ubyte.gz").ravel())
if len(sys.argv) == 2:
    print(f"| pixels | {accuracy(*images):.2f} | |")
else:
    w, k = tensors(sys.argv[2]), int(sys.argv[3])
    codes = [x @ w["bottleneck.weight"].T + w["bottleneck.bias"] for x in images]
    cells = [f"{accuracy(*(largest(h, int(f) * k) for h in codes)):.2f}" for f in sys.argv[4:]]
    print(f"| codes, k = {k} | " + " | ".join(cells) + " |")
