#!/usr/bin/python3
"""Writes test images with noise, and without, as .npy files of float32 in a folder.

    noise.py IMAGES DIR        (IMAGES: IDX, packed with gzip; Debian: python3-numpy)
"""
import gzip
import pathlib
import sys

import numpy as np

images, folder = sys.argv[1], pathlib.Path(sys.argv[2])
clean = np.frombuffer(gzip.open(images).read(), np.uint8, offset=16).reshape(-1, 784).astype(np.float32) / 255
random = np.random.default_rng(20)  # its own numbers: nothing of training
salt_pepper, masking = random.random((2, *clean.shape))
np.save(folder / "clean.npy", clean)
np.save(folder / "gaussian.npy", (clean + random.normal(0, 0.3, clean.shape)).astype(np.float32))
np.save(folder / "masking.npy", np.where(masking < 0.5, 0, clean).astype(np.float32))
np.save(folder / "salt_pepper.npy", np.where(salt_pepper < 0.15, 0, np.where(salt_pepper < 0.3, 1, clean)).astype(np.float32))
