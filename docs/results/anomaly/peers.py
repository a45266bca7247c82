"""peers.py FASHION DIR prints what PCA and scikit-learn's IsolationForest reach on the samples that data.py has written to DIR.

A line a run, as JSON: AUROC of the squared error of exact PCA of standardised values, and of an isolation
forest with the settings of scikit-learn, mean of three seeds. Both learn from the training samples of aegen.
"""
import json
import sys

import numpy as np
from sklearn.ensemble import IsolationForest
from sklearn.metrics import roc_auc_score

from data import idx

article, tissue = 32, 12  # components: of images the best for PCA by the means of the table, of tissue the numbers of a code of tissue.ae


def compare(task, run, train, test, anomalous, components):
    mean = train.mean(0)
    axes = np.linalg.svd(train - mean, full_matrices=False)[2][:components]
    centred = test - mean
    error = ((centred - centred @ axes.T @ axes) ** 2).sum(1)
    forests = [roc_auc_score(anomalous, -IsolationForest(random_state=seed).fit(train).score_samples(test)) for seed in range(3)]
    print(json.dumps({"task": task, "run": run, "pca": roc_auc_score(anomalous, error), "forest": float(np.mean(forests))}), flush=True)


def standardised(train, test):
    """Both relative to mean and deviation of the training samples; a value that never varies keeps its unit, as with `scale standard`."""
    mean, deviation = train.mean(0), train.std(0)
    deviation[deviation == 0] = 1
    return (train - mean) / deviation, (test - mean) / deviation


def main(source, out):
    test = idx(f"{source}/t10k-images-idx3-ubyte.gz").reshape(-1, 784) / 255
    labels = idx(f"{source}/t10k-labels-idx1-ubyte.gz")
    for c in range(10):
        train = np.load(f"{out}/article-train-{c}.npy") / 255
        compare("article", c, *standardised(train, test), labels != c, article)
    for split in range(10):
        def read(name):
            return np.loadtxt(f"{out}/tissue-{name}-{split}.csv", delimiter=",", skiprows=1)
        compare("tissue", split, *standardised(read("train"), read("test")), read("labels"), tissue)


if __name__ == "__main__":
    main(*sys.argv[1:])
