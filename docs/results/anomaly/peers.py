"""peers.py FASHION DIR prints what PCA and scikit-learn's IsolationForest reach on the samples that data.py has written to DIR.

A line a run, as JSON: AUROC of the squared error of exact PCA with as many components as the code has numbers, and of an isolation
forest with the settings of scikit-learn, mean of three seeds. Both learn from the training samples of aegen.
"""
import json
import sys

import numpy as np
from sklearn.ensemble import IsolationForest
from sklearn.metrics import roc_auc_score

from data import idx

article, tissue = 16, 12  # numbers of a code: of article.ae, of tissue.ae


def compare(task, run, train, test, anomalous, components):
    mean = train.mean(0)
    axes = np.linalg.svd(train - mean, full_matrices=False)[2][:components]
    centred = test - mean
    error = ((centred - centred @ axes.T @ axes) ** 2).sum(1)
    forests = [roc_auc_score(anomalous, -IsolationForest(random_state=seed).fit(train).score_samples(test)) for seed in range(3)]
    print(json.dumps({"task": task, "run": run, "pca": roc_auc_score(anomalous, error), "forest": float(np.mean(forests))}), flush=True)


def main(source, out):
    test = idx(f"{source}/t10k-images-idx3-ubyte.gz").reshape(-1, 784) / 255
    labels = idx(f"{source}/t10k-labels-idx1-ubyte.gz")
    for c in range(10):
        compare("article", c, np.load(f"{out}/article-train-{c}.npy") / 255, test, labels != c, article)
    for split in range(10):
        def read(name):
            return np.loadtxt(f"{out}/tissue-{name}-{split}.csv", delimiter=",", skiprows=1)
        train, rows = read("train"), read("test")
        mean, deviation = train.mean(0), train.std(0)
        compare("tissue", split, (train - mean) / deviation, (rows - mean) / deviation, read("labels"), tissue)


if __name__ == "__main__":
    main(*sys.argv[1:])
