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
	"$work/aegen" train "$spec" "$@" -data "$data/train-images-idx3-ubyte.gz" -quiet -o "$work/$name.weights" 2>"$work/$name.log"
	"$work/aegen" eval "$spec" "$@" -weights "$work/$name.weights" -data "$data/t10k-images-idx3-ubyte.gz" -json >"$work/$name.json" 2>>"$work/$name.log"
}

for k in 10 25 40 70; do
	trained "k$k" ksparse -set "k=$k"
	for part in train t10k; do
		"$work/aegen" encode $here/ksparse.ae -set "k=$k" -weights "$work/k$k.weights" -data "$data/$part-images-idx3-ubyte.gz" -o "$work/k$k.$part.npy" 2>>"$work/k$k.log"
	done
done
trained topk topk
for name in starved revived; do
	trained $name $name
done

# The lambda that leaves about 32 values: bisection of its logarithm, until the last one found leaves at most 34 and no fewer than 32.
low=0.13 high=0.175
for _ in 1 2 3 4 5 6 7 8; do
	lambda=$(/usr/bin/python3 -c "print(f'{($low * $high) ** 0.5:.4g}')")
	trained l1 l1 -set "lambda=$lambda"
	case $(/usr/bin/python3 $here/l0.py "$work/l1.json") in
	many) low=$lambda ;;
	few) high=$lambda ;;
	*) break ;;
	esac
done
echo "$lambda" >"$work/lambda"
/usr/bin/python3 $here/figures.py "$data" "$work" >"$work/table"
go run ./docs/page/put docs/results.md ksparse <"$work/table"
