#!/usr/bin/python3
"""Prints the squared error of test images, summed over pixels, that PCA of Fashion-MNIST leaves with codes of BITS bits.

    pca.py DATA BITS

The coefficient of a component is rounded to the levels of a scalar quantiser that is optimal for the training images (Lloyd, Least squares
quantization in PCM, 1982), 2^n levels for n bits. Each bit goes to the component whose error it lowers most; a component gets its first bit after
the one before it. Prints the error, and how many components have bits. Debian: python3-numpy.
"""
import functools
import gzip
import pathlib
import sys

import numpy as np


def images(name):
    data = gzip.open(pathlib.Path(sys.argv[1]) / f"{name}-images-idx3-ubyte.gz").read()
    return np.frombuffer(data, np.uint8, offset=16).reshape(-1, 784) / 255


def levels(sample, bits):
    """The 2^bits levels that an optimal quantiser of a sample has: each the mean of what is nearest to it."""
    sample, n = np.sort(sample), 2**bits
    sums = np.r_[0, np.cumsum(sample)]
    c = sample[((np.arange(n) + 0.5) / n * len(sample)).astype(int)]
    for _ in range(200):
        cuts = np.r_[0, np.searchsorted(sample, (c[1:] + c[:-1]) / 2), len(sample)]
        counts = np.diff(cuts)
        last, c = c, np.where(counts > 0, np.diff(sums[cuts]) / np.maximum(counts, 1), c)
        if np.abs(c - last).max() < 1e-6:
            break
    return c


def error(sample, c):
    return np.mean((sample - c[np.searchsorted((c[1:] + c[:-1]) / 2, sample)]) ** 2)


bits = int(sys.argv[2])
learn, test = images("train"), images("t10k")
mean = learn.mean(0)
axes = np.linalg.eigh(np.cov((learn - mean).T))[1][:, ::-1][:, :bits]
a, b = (learn - mean) @ axes, (test - mean) @ axes


@functools.cache
def quantiser(j, n):
    """Levels of component j with n bits, and their error in training."""
    c = levels(a[:, j], n) if n else np.zeros(1)
    return c, error(a[:, j], c)


given = [0] * bits
for _ in range(bits):
    may = [j for j in range(bits) if j == 0 or given[j - 1]]
    given[max(may, key=lambda j: quantiser(j, given[j])[1] - quantiser(j, given[j] + 1)[1])] += 1
beyond = np.mean(np.sum((test - mean) ** 2, 1) - np.sum(b**2, 1))
print(beyond + sum(error(b[:, j], quantiser(j, n)[0]) for j, n in enumerate(given)), sum(n > 0 for n in given))
