#!/bin/sh
# Trains sparse models on Fashion-MNIST and rewrites the section of docs/results.md. Usage: run.sh [FOLDER OF THE DATA]
set -e
cd "$(dirname "$0")/../../.."
data=${1:-/usr/share/datasets/fashion-mnist}
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
go build -o "$out/aegen" ./cmd/aegen
specs=docs/results/sparse
more=
run() { # NAME SPEC FLAGS
	name=$1 spec=$2
	shift 2
	"$out/aegen" train "$specs/$spec.ae" "$@" -data "$data/train-images-idx3-ubyte.gz" -o "$out/$name.safetensors" -quiet $more 2>"$out/$name.log"
	"$out/aegen" eval "$specs/$spec.ae" "$@" -weights "$out/$name.safetensors" -data "$data/t10k-images-idx3-ubyte.gz" -json >"$out/$name.json" 2>>"$out/$name.log"
}
for lambda in 0.02 0.05 0.1 0.2 0.5; do
	run "proximal-$lambda" proximal -set "lambda=$lambda"
	run "subgradient-$lambda" subgradient -set "lambda=$lambda"
done
more="-epochs 5"
run copy copy
run kept proximal -set lambda=0.05
python=${PYTHON:-/usr/bin/python3}
"$python" $specs/pca.py "$data" "$out"
go run ./$specs "$out"
