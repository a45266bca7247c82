#!/usr/bin/python3
"""Logistic regression on pixels and on codes of Fashion-MNIST: prints the accuracy on test images as JSON.

    logistic.py DATA TRAIN.npy TEST.npy     codes of the training and the test images
    logistic.py DATA                        pixels

Debian: python3-sklearn. At most 100 iterations of L-BFGS, inputs scaled so that each has the largest magnitude 1.
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


data = pathlib.Path(sys.argv[1])
labels = [idx(data / f"{name}-labels-idx1-ubyte.gz").ravel() for name in ("train", "t10k")]
if len(sys.argv) > 2:
    x = [np.load(path) for path in sys.argv[2:]]
else:
    x = [idx(data / f"{name}-images-idx3-ubyte.gz").astype(np.float32) for name in ("train", "t10k")]
scaler = MaxAbsScaler().fit(x[0])
x = [scaler.transform(v) for v in x]
model = LogisticRegression(max_iter=100).fit(x[0], labels[0])
print(json.dumps({"accuracy": round(100 * model.score(x[1], labels[1]), 2), "features": x[0].shape[1]}))
