#!/usr/bin/env bash
# Trains 784-30-784 with tanh and with sigmoid codes on Fashion-MNIST, and rewrites the figures of docs/results.md. DATA is the folder of
# Fashion-MNIST. Debian: dataset-fashion-mnist, python3.
set -euo pipefail
(($# < 2)) || { echo "usage: run.sh [DATA]" >&2; exit 2; }
data=${1:-}
[[ $data ]] || data=$(dirname "$(dpkg -L dataset-fashion-mnist | grep '/train-images-idx3-ubyte.gz$')")
learn=$(cd "$data" && pwd)/train-images-idx3-ubyte.gz
cd "$(dirname "$0")/../../.."
here=docs/results/bourlard
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
go build -o "$work/" ./cmd/aegen

for code in tanh sigmoid; do
	"$work/aegen" train $here/$code.ae -data "$learn" -quiet -o "$work/weights"
	"$work/aegen" eval $here/$code.ae -weights "$work/weights" -data "$learn" -pca "$learn" -json >"$work/$code"
done
/usr/bin/python3 - "$work" tanh sigmoid <<'PYTHON' | go run ./docs/page/put docs/results.md bourlard
import json, sys
print("| code | training sse | exact PCA | above |\n| --- | --: | --: | --: |")
wrong = []
for code in sys.argv[2:]:
    e = json.load(open(f"{sys.argv[1]}/{code}"))
    sse, pca = e["sse"], e["pca"]["sse"]
    print(f"| {code} | {sse:.4f} | {pca:.4f} | {100 * (sse / pca - 1):.2f} % |")
    if not pca <= sse <= 1.05 * pca:
        wrong.append(f"{code}: {sse} is not within 5 % above {pca}")
if wrong:
    sys.exit("\n".join(wrong))
PYTHON
