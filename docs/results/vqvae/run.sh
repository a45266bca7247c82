#!/usr/bin/env bash
# Trains specs/vqvae.ae on Fashion-MNIST, measures PCA of as many bits, and rewrites the figures of docs/results.md. DATA is the folder of
# Fashion-MNIST. Debian: dataset-fashion-mnist, python3-numpy.
set -euo pipefail
(($# < 2)) || { echo "usage: run.sh [DATA]" >&2; exit 2; }
data=${1:-}
[[ $data ]] || data=$(dirname "$(dpkg -L dataset-fashion-mnist | grep '/train-images-idx3-ubyte.gz$')")
data=$(cd "$data" && pwd)
cd "$(dirname "$0")/../../.."
here=docs/results/vqvae
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
go build -o "$work/" ./cmd/aegen
"$work/aegen" train specs/vqvae.ae -data "$data/train-images-idx3-ubyte.gz" -quiet -o "$work/weights"
"$work/aegen" eval specs/vqvae.ae -weights "$work/weights" -data "$data/t10k-images-idx3-ubyte.gz" -json >"$work/eval"
/usr/bin/python3 $here/pca.py "$data" 144 >"$work/pca"
/usr/bin/python3 - "$work" <<'PYTHON' | go run ./docs/page/put docs/results.md vqvae
import json, sys
scores = json.load(open(f"{sys.argv[1]}/eval"))
error, components = open(f"{sys.argv[1]}/pca").read().split()
book = scores["codebook"]
print("| code | bits | held-out sse |\n| --- | --: | --: |")
print(f"| vqvae.ae, 16 of {book['vectors']} vectors | {book['bits']:.0f} | {scores['sse']:.3f} |")
print(f"| exact PCA, {components} components rounded | 144 | {float(error):.3f} |")
print(f"\nThe perplexity of the codebook is {book['perplexity']:.1f}; {round(book['used'] * book['vectors'])} of its {book['vectors']} vectors are used.")
if not (book["bits"] == 144 and book["perplexity"] > book["vectors"] / 2 and scores["sse"] < float(error)):
    sys.exit("the codebook is not used well, or PCA is better")
PYTHON
