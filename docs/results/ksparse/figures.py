#!/usr/bin/python3
"""Prints the tables of codes of which few values are not 0: what logistic regression makes of them, and what they leave unexplained.
Fails where they are not what the page says of them.

    figures.py DATA WORK

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


def code(name):
    return json.loads((work / f"{name}.json").read_text())["code"]


def hold(what, true):
    if not true:
        sys.exit(f"does not hold: {what}")


data, work = map(pathlib.Path, sys.argv[1:])
labels = [idx(data / f"{name}-labels-idx1-ubyte.gz").ravel() for name in ("train", "t10k")]
print("| input of the classifier | values that are not 0 | accuracy | unexplained |\n| --- | --: | --: | --: |")
pixels = accuracy(*(idx(data / f"{name}-images-idx3-ubyte.gz") for name in ("train", "t10k")))
print(f"| pixels | | {pixels:.2f} % | |")
best = 0
for k in KEPT:
    right = accuracy(*(np.load(work / f"k{k}.{name}.npy") for name in ("train", "t10k")))
    best = max(best, right)
    print(f"| code, k = {k} | {code(f'k{k}')['l0']:.1f} | {right:.2f} % | {code(f'k{k}')['fvu']:.4f} |")
penalty = (work / "lambda").read_text().strip()
rows = {"topk": "topk(32), 4 epochs", "l1": f"l1, λ = {penalty}, 4 epochs", "starved": "topk(32), 16 epochs", "revived": "topk(32), dead, 16 epochs"}
print("\n| 3,136 values | not 0 | dead | unexplained |\n| --- | --: | --: | --: |")
for name, text in rows.items():
    print(f"| {text} | {code(name)['l0']:.1f} | {100 * code(name)['dead']:.2f} % | {code(name)['fvu']:.4f} |")
hold(f"the best code is 2 points ahead: {best} % and {pixels} % of pixels", best >= pixels + 2)
hold("as many values by l1", 32 <= code("l1")["l0"] <= 34)
hold("topk leaves less unexplained", code("topk")["fvu"] < code("l1")["fvu"])
hold("more than a fifth of the values are dead without revival", code("starved")["dead"] > 0.2)
hold("fewer than 5 % with it", code("revived")["dead"] < 0.05)
