#!/usr/bin/python3
"""Prints how well noise is taken away: a Markdown table of PSNR in dB over all pixels of all images, values cut to [0, 1].

    psnr.py DIR        (Debian: python3-numpy, python3-scipy)

DIR has what noise.py writes, and NOISE.trained.npy and NOISE.plain.npy, what the denoiser and the network that was trained
without noise make of NOISE.npy. The filters' parameters are those that are best on these very images; where a noise takes the
mean of pixels away, a Gaussian filter may give it back by a factor. It fails if the denoiser is not 2 dB above all others.
"""
import sys

import numpy as np
from scipy import ndimage

folder = sys.argv[1]


def images(name):
    return np.load(f"{folder}/{name}.npy").reshape(-1, 28, 28)


clean = images("clean")


def psnr(x):
    return -10 * np.log10(np.mean((np.clip(x, 0, 1) - clean) ** 2))


def best(filtered):
    """The largest PSNR among (description, images) pairs."""
    return max((psnr(x), what) for what, x in filtered)


def gaussians(x):
    for sigma in np.arange(0.3, 2.05, 0.1):
        smooth = ndimage.gaussian_filter(x, (0, sigma, sigma))
        for factor in (1, 1.2, 1.4, 1.6, 1.8, 2):
            yield f"σ {sigma:.1f}, times {factor}", factor * smooth


def medians(x):
    for size in (2, 3, 4, 5, 7):
        yield f"{size}×{size}", ndimage.median_filter(x, (1, size, size))


print("| noise | noisy | Gaussian filter | median filter | trained without noise | denoiser | ahead |\n| --- | --: | --: | --: | --: | --: | --: |")
behind = []
for name, title in [("gaussian", "`gaussian(0.3)`"), ("masking", "`masking(0.5)`"), ("salt_pepper", "`salt_pepper(0.3)`")]:
    noisy = images(name)
    gaussian, median = best(gaussians(noisy)), best(medians(noisy))
    plain, denoiser = psnr(images(name + ".plain")), psnr(images(name + ".trained"))
    ahead = denoiser - max(gaussian[0], median[0], plain)
    print(f"| {title} | {psnr(noisy):.2f} | {gaussian[0]:.2f} ({gaussian[1]}) | {median[0]:.2f} ({median[1]}) | {plain:.2f} | {denoiser:.2f} | {ahead:+.2f} |")
    if not ahead >= 2:
        behind.append(f"{name}: {ahead:.2f} dB ahead, want 2")
if behind:
    sys.exit("\n".join(behind))
