#!/usr/bin/env bash
# Trains ksparse.ae with k = 8, with and without the auxiliary loss of dead values, for one epoch and for seven, and rewrites the figures of docs/results.md.
# DATA is the folder of Fashion-MNIST. Debian: dataset-fashion-mnist.
set -euo pipefail
(($# < 2)) || { echo "usage: dead.sh [DATA]" >&2; exit 2; }
data=${1:-}
[[ $data ]] || data=$(dirname "$(dpkg -L dataset-fashion-mnist | grep '/train-images-idx3-ubyte.gz$')")
data=$(cd "$data" && pwd)
cd "$(dirname "$0")/../../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
go build -o "$work/" ./cmd/aegen
cp docs/results/ksparse/ksparse.ae "$work/without.ae"
sed 's/topk(k)/topk(k) { dead(after: 10, aux: 500) }/; s/mirror(encoder)/{ dense }/' "$work/without.ae" >"$work/with.ae"
for epochs in 1 7; do
	for name in without with; do
		"$work/aegen" train "$work/$name.ae" -set k=8 -epochs $epochs -data "$data/train-images-idx3-ubyte.gz" -quiet -o "$work/weights" 2>"$work/log" || { cat "$work/log" >&2; exit 1; }
		"$work/aegen" eval "$work/$name.ae" -set k=8 -weights "$work/weights" -data "$data/t10k-images-idx3-ubyte.gz" -json 2>>"$work/log" >"$work/$name.$epochs"
	done
done
/usr/bin/python3 - "$work" <<'PYTHON' | go run ./docs/page/put docs/results.md dead
import json, sys
print("| epochs | | dead | kept for fewer than one image in 1,000 | unexplained |\n| --: | --- | --: | --: | --: |")
share = {}
for epochs in (1, 7):
    for name, title in (("without", "k = 8"), ("with", "k = 8, dead")):
        code = json.load(open(f"{sys.argv[1]}/{name}.{epochs}"))["code"]
        seldom = sum(f < 0.001 for f in code["frequency"]) / len(code["frequency"])
        share[name, epochs] = code["dead"]
        print(f"| {epochs} | {title} | {100 * code['dead']:.1f} % | {100 * seldom:.1f} % | {code['fvu']:.4f} |")
if not share["with", 7] < share["without", 7]:
    sys.exit("after seven epochs no fewer values are dead with the auxiliary loss")
PYTHON
