#!/usr/bin/python3
"""Judges the rows of held.csv by peers: `peers.py FOLDER` prints the AUROC and the average precision of each as JSON.

Numbers, their logarithms where packages.ae takes these, are standardised, and classes become one column each. pca is the
squared error of exact PCA, of the best of six numbers of components by the AUROC itself; forest is scikit-learn's isolation forest, mean of five
seeds. marginals needs none of this: it is the negative log-likelihood of fields that do not depend on one another, in
nats, with a normal distribution, the shares of classes, and a Poisson's.
"""
import csv
import json
import math
import sys

import numpy as np
from scipy.special import gammaln
from sklearn.ensemble import IsolationForest
from sklearn.metrics import average_precision_score, roc_auc_score

COMPONENTS = [2, 4, 6, 10, 20, 40]
LOGS, COUNTS = ["installed", "download"], ["depends", "recommends", "suggests", "words"]
CLASSES = ["section", "priority", "multiarch", "portable", "library"]
folder = sys.argv[1]
read = lambda name: list(csv.DictReader(open(f"{folder}/{name}.csv")))
learn, held = read("learn"), read("held")
labels = np.array([int(line) for line in open(f"{folder}/labels.csv")])
column = lambda rows, field: np.array([float(r[field]) for r in rows])
known = {field: sorted({r[field] for r in learn}) for field in CLASSES}


def encoded(rows):
    parts = [np.log1p(column(rows, f))[:, None] for f in LOGS + COUNTS]
    for f in CLASSES:
        parts.append(np.array([[r[f] == c for c in known[f]] for r in rows], float))
    return np.hstack(parts)


def nll(rows):
    """Of each field alone, and their sum for each row."""
    sums = np.zeros(len(rows))
    for f in LOGS:
        x = np.log1p(column(learn, f))
        y = np.log1p(column(rows, f))
        sums += (y - x.mean()) ** 2 / (2 * x.var()) + math.log(2 * math.pi * x.var()) / 2 + y
    for f in COUNTS:
        rate, k = column(learn, f).mean(), column(rows, f)
        sums += rate - k * math.log(rate) + gammaln(k + 1)
    for f in CLASSES:
        share = {c: (sum(r[f] == c for r in learn) + 1) / (len(learn) + len(known[f])) for c in known[f]}
        sums += np.array([-math.log(share.get(r[f], 1 / len(learn))) for r in rows])
    return sums


x, y = encoded(learn), encoded(held)
mean, deviation = x.mean(0), np.where(x.std(0) > 0, x.std(0), 1)
x, y = (x - mean) / deviation, (y - mean) / deviation
axes = np.linalg.svd(x, full_matrices=False)[2]
left = {k: ((y - y @ axes[:k].T @ axes[:k]) ** 2).sum(1) for k in COMPONENTS}
best = max(COMPONENTS, key=lambda k: roc_auc_score(labels, left[k]))
scores = {"pca": [left[best]], "marginals": [nll(held)]}
scores["forest"] = [-IsolationForest(random_state=s).fit(x).score_samples(y) for s in range(5)]
out = {name: {"auroc": np.mean([roc_auc_score(labels, s) for s in list_]), "ap": np.mean([average_precision_score(labels, s) for s in list_])} for name, list_ in scores.items()}
out["pca"]["components"] = best
out["marginals"]["nll"] = float(scores["marginals"][0][labels == 0].mean())
print(json.dumps(out))
