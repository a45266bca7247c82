"""Draws held-out error against time: plot.py OUT PCA SCRATCH LAYERS, the last two being files of docs/results/pretrain/curve."""
import json
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt


def main(out, pca, scratch, layers):
    pca = float(pca)
    fig, ax = plt.subplots(figsize=(7, 4.2), dpi=110)
    for path, label, mark in ((scratch, "from random weights", "o-"), (layers, "pretrain layers, then all together", "s-")):
        points = [json.loads(line) for line in open(path)]
        ax.plot([p["seconds"] for p in points], [p["sse"] for p in points], mark, label=label)
    ax.axhline(pca, color="gray", linestyle="--")
    ax.set_xlim(left=0)
    ax.text(ax.get_xlim()[1], pca + 0.2, f"exact PCA with 30 numbers a code: {pca:.2f} ", color="gray", ha="right")
    ax.set_ylim(bottom=0)
    ax.set_xlabel("seconds of training, pretraining included")
    ax.set_ylabel("squared error of a held-out image,\nsummed over its 784 pixels in [0, 1]")
    ax.set_title("784-1000-500-250-30, logistic units, Fashion-MNIST")
    ax.legend()
    ax.grid(alpha=0.3)
    fig.tight_layout()
    fig.savefig(out)


main(*sys.argv[1:])
