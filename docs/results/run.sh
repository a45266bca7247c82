#!/usr/bin/env bash
# Trains fashion.ae and hinton.ae with aegen and with PyTorch, one after the other, each with two threads, from the same weights
# and with the same batches, and rewrites the tables of docs/results.md. DATA is the folder of Fashion-MNIST.
# Debian: python3-torch, libopenblas0-openmp, dataset-fashion-mnist
set -euo pipefail
(($# < 2)) || { echo "usage: run.sh [DATA]" >&2; exit 2; }
threads=2
models="fashion hinton"

# placed prints the folder of the file of a Debian package that has such a name.
placed() {
	local path
	path=$(dpkg -L "$1" | grep "/$2\$") && echo "${path%/*}"
}

# spent prints the CPU time, in ticks of 10 ms, that all processes but this script and its children have used.
spent() {
	awk 'FILENAME == "/proc/stat" { if (FNR == 1) all = $2 + $3 + $4 + $7 + $8; next } { print all - $14 - $15 - $16 - $17 }' \
		/proc/stat "/proc/$$/stat"
}

# beside runs a command and leaves in others the share of a core, in %, that other processes took meanwhile.
beside() {
	local before begin
	before=$(spent) begin=${EPOCHREALTIME/./}
	"$@"
	others=$((($(spent) - before) * 1000000 / (${EPOCHREALTIME/./} - begin)))
}

# pytorch trains MODEL.
pytorch() {
	LD_LIBRARY_PATH=$blas OMP_NUM_THREADS=$threads /usr/bin/python3 docs/results/pytorch.py "$work" "$1" "$data" $threads
}

data=${1:-}
[[ $data ]] || data=$(placed dataset-fashion-mnist train-images-idx3-ubyte.gz)
data=$(cd "$data" && pwd)
learn=$data/train-images-idx3-ubyte.gz
blas=$(placed libopenblas0-openmp 'libblas\.so\.3')
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
go build -o "$work/aegen" ./cmd/aegen
go run ./docs/results/start -samples 60000 "$work"

for model in $models; do
	beside "$work/aegen" train "specs/$model.ae" -data "$learn" -threads $threads -json -o "$work/$model.trained" >"$work/$model.aegen"
	aegen=$others
	beside pytorch "$model" >"$work/$model.pytorch"
	echo "{\"aegen\":$aegen,\"pytorch\":$others}" >"$work/$model.others"
done
for model in $models; do
	"$work/aegen" eval "specs/$model.ae" -weights "$work/$model.trained" -data "$data/t10k-images-idx3-ubyte.gz" -pca "$learn" -json \
		>"$work/$model.eval"
done
go run ./docs/results/table -page docs/results.md "$work" $models
