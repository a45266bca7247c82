"""data.py FASHION DIR writes the samples of the results on anomalies to DIR.

Of each class of Fashion-MNIST: its first 5,500 training images, and its last 500 for the calibration. To choose settings, these 500 also
stand beside 250 training images of each other class. Of scikit-learn's breast-cancer table, ten splits: benign tissue 200 for training,
60 for the calibration and the rest for the test, beside all malignant tissue.
"""
import gzip
import sys

import numpy as np
from sklearn.datasets import load_breast_cancer


def idx(path):
    raw = gzip.open(path).read()
    dims = [int.from_bytes(raw[4 + 4 * i:8 + 4 * i], "big") for i in range(raw[3])]
    return np.frombuffer(raw, np.uint8, offset=4 + 4 * len(dims)).reshape(dims)


def fashion(source, out):
    images = idx(f"{source}/train-images-idx3-ubyte.gz").reshape(-1, 784)
    labels = idx(f"{source}/train-labels-idx1-ubyte.gz")
    for c in range(10):
        own = images[labels == c]
        np.save(f"{out}/article-train-{c}.npy", own[:5500])
        np.save(f"{out}/article-normal-{c}.npy", own[5500:])
        others = [images[labels == d][5500:5750] for d in range(10) if d != c]
        np.save(f"{out}/article-held-{c}.npy", np.concatenate([own[5500:], *others]))
        np.save(f"{out}/article-held-labels-{c}.npy", np.repeat(np.uint8([[0], [1]]), [500, 2250], axis=0))


def table(path, names, rows):
    with open(path, "w") as f:
        f.write(",".join(names) + "\n")
        for row in rows:
            f.write(",".join("%.6g" % v for v in row) + "\n")


def tissue(out):
    d = load_breast_cancer()
    names = [n.replace(" ", "_") for n in d.feature_names]
    benign, malignant = d.data[d.target == 1], d.data[d.target == 0]
    for split in range(10):
        order = np.random.default_rng(split).permutation(len(benign))
        train, normal, test = benign[order[:200]], benign[order[200:260]], benign[order[260:]]
        table(f"{out}/tissue-train-{split}.csv", names, train)
        table(f"{out}/tissue-normal-{split}.csv", names, normal)
        table(f"{out}/tissue-test-{split}.csv", names, np.concatenate([test, malignant]))
        table(f"{out}/tissue-labels-{split}.csv", ["malignant"], [[0]] * len(test) + [[1]] * len(malignant))


if __name__ == "__main__":
    fashion(sys.argv[1], sys.argv[2])
    tissue(sys.argv[2])
