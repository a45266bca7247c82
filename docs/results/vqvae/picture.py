"""Writes a picture of pairs of rows: held-out images, and below them what is left of them in their codes.

    python3 picture.py IMAGES RECONSTRUCTIONS OUT        (.gz of IDX, .npy, .png; Debian: python3-numpy)
"""
import gzip
import struct
import sys
import zlib

import numpy as np

with gzip.open(sys.argv[1]) as f:
    x = np.frombuffer(f.read(), np.uint8, offset=16).reshape(-1, 28, 28)
r = np.load(sys.argv[2]).reshape(-1, 28, 28)
r = np.clip(np.rint(r * (255 if r.max() < 2 else 1)), 0, 255).astype(np.uint8)
columns, rows = 16, []
for i in range(4):
    for images in (x, r):
        rows.append(np.hstack([np.pad(v, 1) for v in images[i * columns:(i + 1) * columns]]))
grid = np.vstack(rows)


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


lines = b"".join(b"\0" + row.tobytes() for row in grid)
with open(sys.argv[3], "wb") as f:
    f.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", grid.shape[1], grid.shape[0], 8, 0, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(lines, 9)) + chunk(b"IEND", b""))
