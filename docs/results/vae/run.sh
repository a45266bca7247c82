#!/usr/bin/env bash
# Trains specs/vae.ae with aegen and the same model with PyTorch, and rewrites the section "A variational
# autoencoder" of docs/results.md and the picture beside this file. DATA is the folder of Fashion-MNIST.
# Debian: python3-torch, libopenblas0-openmp, dataset-fashion-mnist
set -euo pipefail
(($# < 2)) || { echo "usage: run.sh [DATA]" >&2; exit 2; }

# placed prints the folder of the file of a Debian package that has such a name.
placed() {
	local path
	path=$(dpkg -L "$1" | grep "/$2\$") && echo "${path%/*}"
}

data=${1:-}
[[ $data ]] || data=$(placed dataset-fashion-mnist train-images-idx3-ubyte.gz)
data=$(cd "$data" && pwd)
blas=$(placed libopenblas0-openmp 'libblas\.so\.3')
cd "$(dirname "$0")/../../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
go build -o "$work/aegen" ./cmd/aegen
"$work/aegen" train specs/vae.ae -data "$data/train-images-idx3-ubyte.gz" -json -o "$work/vae.safetensors" >"$work/train"
for draws in 1 5 50; do
	"$work/aegen" eval specs/vae.ae -weights "$work/vae.safetensors" -data "$data/t10k-images-idx3-ubyte.gz" -iwae $draws -json >"$work/eval$draws"
done
"$work/aegen" sample specs/vae.ae -weights "$work/vae.safetensors" -n 64 -o docs/results/vae/samples.png
LD_LIBRARY_PATH=$blas OMP_NUM_THREADS=1 /usr/bin/python3 docs/results/vae/pytorch.py "$data" "$work/vae.safetensors" >"$work/pytorch"
go run ./docs/results/vae -page docs/results.md "$work"
