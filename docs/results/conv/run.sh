#!/usr/bin/env bash
# Trains specs/conv.ae and specs/fashion.ae on Fashion-MNIST for 10 epochs, and rewrites the figures of docs/results.md. DATA is the folder of
# Fashion-MNIST. Debian: dataset-fashion-mnist, python3.
set -euo pipefail
(($# < 2)) || { echo "usage: run.sh [DATA]" >&2; exit 2; }
data=${1:-}
[[ $data ]] || data=$(dirname "$(dpkg -L dataset-fashion-mnist | grep '/train-images-idx3-ubyte.gz$')")
data=$(cd "$data" && pwd)
cd "$(dirname "$0")/../../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
go build -o "$work/" ./cmd/aegen

for spec in fashion conv; do
	"$work/aegen" train specs/$spec.ae -data "$data/train-images-idx3-ubyte.gz" -epochs 10 -quiet -o "$work/weights"
	"$work/aegen" eval specs/$spec.ae -weights "$work/weights" -data "$data/t10k-images-idx3-ubyte.gz" -json >"$work/$spec"
	"$work/aegen" describe specs/$spec.ae -json >"$work/$spec.described"
done
/usr/bin/python3 - "$work" fashion conv <<'PYTHON' | go run ./docs/page/put docs/results.md conv
import json, sys
print("| spec | parameters | code | held-out sse | held-out nll |\n| --- | --: | --: | --: | --: |")
found = {}
for spec in sys.argv[2:]:
    e, d = (json.load(open(f"{sys.argv[1]}/{spec}{end}")) for end in ("", ".described"))
    found[spec] = e["sse"], d["parameters"]
    print(f"| {spec}.ae | {d['parameters']:,} | 32 | {e['sse']:.3f} | {e['nll']:.2f} |")
if not (found["conv"][0] < found["fashion"][0] and found["conv"][1] <= found["fashion"][1]):
    sys.exit(f"the convolutional model is no better, or larger: {found}")
PYTHON
