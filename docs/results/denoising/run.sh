#!/usr/bin/env bash
# Trains one network without noise and with three kinds of noise on Fashion-MNIST, has each take noise away from test images, and rewrites
# the figures of docs/results.md. DATA is the folder of Fashion-MNIST. Debian: dataset-fashion-mnist, python3-numpy, python3-scipy.
set -euo pipefail
(($# < 2)) || { echo "usage: run.sh [DATA]" >&2; exit 2; }
data=${1:-}
[[ $data ]] || data=$(dirname "$(dpkg -L dataset-fashion-mnist | grep '/train-images-idx3-ubyte.gz$')")
data=$(cd "$data" && pwd)
cd "$(dirname "$0")/../../.."
here=docs/results/denoising
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
go build -o "$work/" ./cmd/aegen
/usr/bin/python3 $here/noise.py "$data/t10k-images-idx3-ubyte.gz" "$work"

# trained trains the network with a noise, or none: NAME NOISE.
trained() {
	sed "${2:+/^input/a corrupt $2}" $here/denoiser.ae >"$work/$1.ae"
	"$work/aegen" train "$work/$1.ae" -data "$data/train-images-idx3-ubyte.gz" -quiet -o "$work/$1.weights"
}

# reconstructed has a trained network look at noisy images: NAME NOISY OUT.
reconstructed() {
	"$work/aegen" reconstruct "$work/$1.ae" -weights "$work/$1.weights" -data "$work/$2.npy" -o "$work/$3.npy"
}

trained plain ""
for noise in "gaussian(0.3)" "masking(0.5)" "salt_pepper(0.3)"; do
	name=${noise%(*}
	trained $name "$noise"
	reconstructed plain $name $name.plain
	reconstructed $name $name $name.trained
done
/usr/bin/python3 $here/psnr.py "$work" | go run ./docs/page/put docs/results.md denoising
