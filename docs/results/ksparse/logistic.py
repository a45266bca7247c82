#!/usr/bin/python3
"""Prints the tables of codes of which few values are not 0: what logistic regression makes of them, and what they leave unexplained.

    logistic.py DATA WORK

DATA is the folder of Fashion-MNIST, WORK that of run.sh. Debian: python3-sklearn. Logistic regression has at most 100 iterations of L-BFGS on the
first SAMPLES training images; every input is scaled so that its largest magnitude is 1.
"""
import gzip
import json
import pathlib
import sys

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import MaxAbsScaler

SAMPLES = 60_000
KEPT = [10, 25, 40, 70]


def idx(path):
    """An IDX file as an array, samples first."""
    data = gzip.open(path).read()
    dims = [int.from_bytes(data[4 + 4 * i : 8 + 4 * i], "big") for i in range(data[3])]
    return np.frombuffer(data, np.uint8, offset=4 + 4 * len(dims)).reshape(dims[0], -1)


def accuracy(train, test):
    train = train[:SAMPLES].astype(np.float32)
    scaler = MaxAbsScaler().fit(train)
    model = LogisticRegression(max_iter=100).fit(scaler.transform(train), labels[0][:SAMPLES])
    return 100 * model.score(scaler.transform(test.astype(np.float32)), labels[1])


data, work = map(pathlib.Path, sys.argv[1:])
labels = [idx(data / f"{name}-labels-idx1-ubyte.gz").ravel() for name in ("train", "t10k")]
print("| input of the classifier | values that are not 0 | accuracy | unexplained |\n| --- | --: | --: | --: |")
pixels = accuracy(*(idx(data / f"{name}-images-idx3-ubyte.gz") for name in ("train", "t10k")))
print(f"| pixels | | {pixels:.2f} % | |")
for k in KEPT:
    code = json.loads((work / f"k{k}.json").read_text())["code"]
    right = accuracy(*(np.load(work / f"k{k}.{name}.npy") for name in ("train", "t10k")))
    print(f"| code, k = {k} | {code['l0']:.1f} | {right:.2f} % | {code['fvu']:.4f} |")
print("\n| 3,136 values | not 0 | dead | unexplained |\n| --- | --: | --: | --: |")
for name in ["topk", "revived"] + sorted(p.stem for p in work.glob("l1-*.json")):
    code = json.loads((work / f"{name}.json").read_text())["code"]
    print(f"| {name.replace('l1-', 'l1, λ = ')} | {code['l0']:.1f} | {100 * code['dead']:.2f} % | {code['fvu']:.4f} |")
