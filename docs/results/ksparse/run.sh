#!/usr/bin/env bash
# Trains codes of which few values are not 0 on Fashion-MNIST, classifies by them, and rewrites the figures of docs/results.md. DATA is the
# folder of Fashion-MNIST. Debian: dataset-fashion-mnist, python3-sklearn.
set -euo pipefail
(($# < 2)) || { echo "usage: run.sh [DATA]" >&2; exit 2; }
data=${1:-}
[[ $data ]] || data=$(dirname "$(dpkg -L dataset-fashion-mnist | grep '/train-images-idx3-ubyte.gz$')")
data=$(cd "$data" && pwd)
cd "$(dirname "$0")/../../.."
here=docs/results/ksparse
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
go build -o "$work/" ./cmd/aegen

# trained trains a spec and judges it on test images: NAME SPEC [FLAGS].
trained() {
	local name=$1 spec=$here/$2.ae
	shift 2
	"$work/aegen" train "$spec" "$@" -data "$data/train-images-idx3-ubyte.gz" -quiet -o "$work/$name.weights" ${EPOCHS:+-epochs $EPOCHS} 2>"$work/$name.log"
	"$work/aegen" eval "$spec" "$@" -weights "$work/$name.weights" -data "$data/t10k-images-idx3-ubyte.gz" -json >"$work/$name.json" 2>>"$work/$name.log"
}

for k in 10 25 40 70; do
	trained "k$k" ksparse -set "k=$k"
	for part in train t10k; do
		"$work/aegen" encode $here/ksparse.ae -set "k=$k" -weights "$work/k$k.weights" -data "$data/$part-images-idx3-ubyte.gz" -o "$work/k$k.$part.npy" 2>>"$work/k$k.log"
	done
done
trained topk topk
trained revived revived
for lambda in 0.0003 0.001 0.003; do
	trained "l1-$lambda" l1 -set "lambda=$lambda"
done
/usr/bin/python3 $here/logistic.py "$data" "$work" | go run ./docs/page/put docs/results.md ksparse
