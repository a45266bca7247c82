"""Writes pca.json: the fraction of variance that exact PCA leaves unexplained with as many components as a sparse code has values.

    python3 pca.py DATA OUT        (Debian: python3-numpy)
"""
import glob
import gzip
import json
import sys

import numpy as np


def images(path):
    with gzip.open(path) as f:
        return np.frombuffer(f.read(), np.uint8, offset=16).reshape(-1, 784).astype(np.float64) / 255


data, out = sys.argv[1:]
train, test = images(f"{data}/train-images-idx3-ubyte.gz"), images(f"{data}/t10k-images-idx3-ubyte.gz")
mean = train.mean(0)
_, axes = np.linalg.eigh((train - mean).T @ (train - mean))
centred = (test - mean) @ axes[:, ::-1]
total = ((test - test.mean(0)) ** 2).sum()
unexplained = {}
for path in glob.glob(f"{out}/proximal-*.json"):
    with open(path) as f:
        k = round(json.load(f)["code"]["l0"])
    unexplained[k] = float((centred[:, k:] ** 2).sum() / total)
with open(f"{out}/pca.json", "w") as f:
    json.dump(unexplained, f)
