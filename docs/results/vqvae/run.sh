#!/usr/bin/env bash
# Trains specs/vqvae.ae on Fashion-MNIST, with and without vectors that start again, holds it against PCA of as many bits, and rewrites the
# section of docs/results.md and the picture beside this file. DATA is the folder of Fashion-MNIST. Debian: dataset-fashion-mnist, python3-numpy.
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

for spec in specs/vqvae.ae $here/unrevived.ae; do
	name=$(basename "$spec" .ae)
	"$work/aegen" train "$spec" -data "$data/train-images-idx3-ubyte.gz" -quiet -o "$work/$name.safetensors"
	"$work/aegen" eval "$spec" -weights "$work/$name.safetensors" -data "$data/t10k-images-idx3-ubyte.gz" -json >"$work/$name"
done
/usr/bin/python3 $here/pca.py "$data" 144 >"$work/pca"
"$work/aegen" reconstruct specs/vqvae.ae -weights "$work/vqvae.safetensors" -data "$data/t10k-images-idx3-ubyte.gz" -o "$work/r.npy"
/usr/bin/python3 $here/picture.py "$data/t10k-images-idx3-ubyte.gz" "$work/r.npy" $here/reconstructions.png
/usr/bin/python3 - "$work" <<'PYTHON' | go run ./docs/page/put docs/results.md vqvae
import json, sys
vqvae, unrevived, pca = (json.load(open(f"{sys.argv[1]}/{name}")) for name in ("vqvae", "unrevived", "pca"))
print("| code | bits | held-out sse | vectors used | perplexity |\n| --- | --: | --: | --: | --: |")
for name, e in (("`quantize(512, dim: 8, groups: 16)`", vqvae), ("the same with `ema(revive: 0)`", unrevived)):
    b = e["codebook"]
    print(f"| {name} | {b['bits']:.0f} | {e['sse']:.3f} | {100 * b['used']:.1f} % | {b['perplexity']:.1f} of {b['vectors']} |")
print(f"| PCA, {pca['components']} components of 2 to {pca['levels']} levels | {pca['bits']:.1f} | {pca['sse']:.3f} | | |")
print(f"\nThe VQ-VAE's error is {100 * (1 - vqvae['sse'] / pca['sse']):.1f} % below that of PCA. By the frequencies of vectors in each group, its codes need {vqvae['codebook']['entropy']:.1f} bits.")
wrong = []
if not vqvae["codebook"]["perplexity"] > vqvae["codebook"]["vectors"] / 2:
    wrong.append("the perplexity is not above half the codebook")
if not vqvae["sse"] < pca["sse"]:
    wrong.append("the error is not below that of PCA")
if wrong:
    sys.exit("\n".join(wrong))
PYTHON
