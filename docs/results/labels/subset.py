"""Draws labelled images: subset.py IMAGES LABELS N SEED DIR writes N images and their labels of the IDX files to DIR/images and DIR/labels."""
import gzip
import random
import struct
import sys


def main(images, labels, n, seed, folder):
    n = int(n)
    x = gzip.open(images).read()[16:]
    y = gzip.open(labels).read()[8:]
    chosen = random.Random(int(seed)).sample(range(len(y)), n)
    with open(f"{folder}/images", "wb") as f:
        f.write(struct.pack(">IIII", 0x803, n, 28, 28) + b"".join(x[784 * i : 784 * i + 784] for i in chosen))
    with open(f"{folder}/labels", "wb") as f:
        f.write(struct.pack(">II", 0x801, n) + bytes(y[i] for i in chosen))


main(*sys.argv[1:])
