#!/usr/bin/env bash
# Trains article.ae on each class of Fashion-MNIST and tissue.ae on ten splits of the breast-cancer table, calibrates them on normal samples,
# judges them on samples of all kinds beside PCA and an isolation forest, and rewrites the tables of docs/results.md. DATA is the folder
# of Fashion-MNIST. Debian: python3-sklearn, dataset-fashion-mnist
set -euo pipefail
(($# < 2)) || { echo "usage: run.sh [DATA]" >&2; exit 2; }
data=${1:-}
[[ $data ]] || data=$(dpkg -L dataset-fashion-mnist | grep '/train-images-idx3-ubyte.gz$' | sed 's|/[^/]*$||')
data=$(cd "$data" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$here/../../.."
go build -o "$work/aegen" ./cmd/aegen
PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 "$here/data.py" "$data" "$work"

# run TASK RUN ENDING TEST LABELS NORMAL trains, calibrates and judges one model.
run() {
	local weights=$work/$1.safetensors
	"$work/aegen" train "$here/$1.ae" -data "$work/$1-train-$2.$3" -o "$weights" -quiet 2>>"$work/log" || { cat "$work/log" >&2; exit 1; }
	"$work/aegen" calibrate "$here/$1.ae" -weights "$weights" -data "$work/$1-normal-$2.$3" >>"$work/log"
	"$work/aegen" eval "$here/$1.ae" -weights "$weights" -data "$4" -labels "$5" -normal "$6" -json >"$work/$1-$2.json"
}

for n in {0..9}; do
	run article $n npy "$data/t10k-images-idx3-ubyte.gz" "$data/t10k-labels-idx1-ubyte.gz" $n
	run tissue $n csv "$work/tissue-test-$n.csv" "$work/tissue-labels-$n.csv" 0
done
PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 "$here/peers.py" "$data" "$work" >"$work/peers.json"
go run ./docs/results/anomaly/table "$work" docs/results.md
