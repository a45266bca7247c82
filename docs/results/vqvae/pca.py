"""Prints, as JSON, the squared error of held-out images by PCA whose coefficients are quantised to a number of bits in total.

    python3 pca.py DATA BITS        (Debian: python3-numpy)

Each coefficient has an optimal scalar quantiser for its own distribution (Lloyd 1982, Max 1960): levels and thresholds are fitted to the
training images' coefficients. The number of levels of each is any whole number, not only a power of two, and a code takes the sum of their
logarithms: levels minimise D + λ·bits, the optimal allocation (Shoham and Gersho 1988), and what λ leaves over is spent greedily.
"""
import gzip
import json
import sys

import numpy as np

LEVELS, COMPONENTS = 48, 160


def images(path):
    with gzip.open(path) as f:
        return np.frombuffer(f.read(), np.uint8, offset=16).reshape(-1, 784).astype(np.float64) / 255


def quantiser(x, sums, squares, n):
    """The levels and the thresholds of n levels for sorted values x, and their squared error, a mean."""
    levels = x[((np.arange(n) + 0.5) / n * len(x)).astype(int)]
    error = np.inf
    for _ in range(60):
        cuts = (levels[1:] + levels[:-1]) / 2
        at = np.concatenate(([0], np.searchsorted(x, cuts), [len(x)]))
        count = np.diff(at)
        part = np.diff(sums[at])
        levels = np.where(count > 0, part / np.maximum(count, 1), levels)
        before, error = error, (squares[-1] - (part**2 / np.maximum(count, 1)).sum()) / len(x)
        if before - error < 1e-6 * error:
            break
    return levels, (levels[1:] + levels[:-1]) / 2, error


data, bits = sys.argv[1], float(sys.argv[2])
train, test = images(f"{data}/train-images-idx3-ubyte.gz"), images(f"{data}/t10k-images-idx3-ubyte.gz")
mean = train.mean(0)
axes = np.linalg.eigh((train - mean).T @ (train - mean))[1][:, ::-1]
learn, held = (train - mean) @ axes[:, :COMPONENTS], (test - mean) @ axes
rate = np.log2(np.arange(1, LEVELS + 1))
made, error = [], np.empty((COMPONENTS, LEVELS))
for i in range(COMPONENTS):
    x = np.sort(learn[:, i])
    sums, squares = np.concatenate(([0], np.cumsum(x))), np.concatenate(([0], np.cumsum(x * x)))
    made.append([quantiser(x, sums, squares, n) for n in range(1, LEVELS + 1)])
    error[i] = [q[2] for q in made[i]]
error = np.minimum.accumulate(error, axis=1)
low, high = 0.0, float(error[:, 0].max())
for _ in range(100):
    slope = (low + high) / 2
    chosen = (error + slope * rate).argmin(1)
    low, high = (slope, high) if rate[chosen].sum() > bits else (low, slope)
chosen = (error + high * rate).argmin(1)
while True:  # what is left
    left = bits - rate[chosen].sum()
    more = np.arange(LEVELS)[None, :]
    cost = rate[None, :] - rate[chosen][:, None]
    gain = error[np.arange(COMPONENTS), chosen][:, None] - error
    worth = np.where((more > chosen[:, None]) & (cost <= left + 1e-9), gain / np.maximum(cost, 1e-9), 0)
    i, n = np.unravel_index(worth.argmax(), worth.shape)
    if worth[i, n] <= 0:
        break
    chosen[i] = n
assert chosen.max() < LEVELS - 1 and chosen[-1] == 0, "more levels or components would be used"
sse = (held[:, COMPONENTS:] ** 2).sum(1)
for i, n in enumerate(chosen):
    levels, cuts, _ = made[i][n]
    sse += (held[:, i] - levels[np.searchsorted(cuts, held[:, i])]) ** 2
print(json.dumps({"sse": float(sse.mean()), "bits": float(rate[chosen].sum()), "components": int((chosen > 0).sum()), "levels": int(chosen.max() + 1)}))
