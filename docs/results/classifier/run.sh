#!/usr/bin/env bash
# Trains specs/classifier.ae on Fashion-MNIST by three seeds, and specs/probe.ae on the codes of specs/fashion.ae, and rewrites the figures of
# docs/results.md. DATA is the folder of Fashion-MNIST. Debian: dataset-fashion-mnist.
set -euo pipefail
(($# < 2)) || { echo "usage: run.sh [DATA]" >&2; exit 2; }
data=${1:-}
[[ $data ]] || data=$(dirname "$(dpkg -L dataset-fashion-mnist | grep '/train-images-idx3-ubyte.gz$')")
data=$(cd "$data" && pwd)
cd "$(dirname "$0")/../../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
go build -o "$work/" ./cmd/aegen
images="-data $data/train-images-idx3-ubyte.gz"
labels="-labels $data/train-labels-idx1-ubyte.gz"
judge() { "$work/aegen" eval "$1" -weights "$2" -data "$data/t10k-images-idx3-ubyte.gz" -labels "$data/t10k-labels-idx1-ubyte.gz" -json; }
for seed in 1 2 3; do
	sed "s/^    seed .*/    seed $seed/" specs/classifier.ae >"$work/classifier.ae"
	"$work/aegen" train "$work/classifier.ae" $images $labels -threads 2 -o "$work/weights" -quiet
	judge "$work/classifier.ae" "$work/weights" >"$work/classifier.$seed"
done
"$work/aegen" train specs/fashion.ae $images -threads 2 -o "$work/fashion" -quiet
"$work/aegen" train specs/probe.ae -encoder "$work/fashion" $images $labels -threads 2 -o "$work/probe" -quiet
judge specs/probe.ae "$work/probe" >"$work/probe.1"
python3 - "$work" <<'PYTHON' | go run ./docs/page/put docs/results.md classifier
import glob, json, statistics, sys
def read(name):
    runs = [json.load(open(f)) for f in sorted(glob.glob(f"{sys.argv[1]}/{name}.[0-9]"))]
    return [100 * r["accuracy"] for r in runs], [r["nll"] for r in runs]
peer = 88.33
accuracy, nll = read("classifier")
mean = statistics.mean(accuracy)
probed, probe_nll = read("probe")
print("| classifier | accuracy, % | nats a sample |\n| --- | --: | --: |")
print(f"| classifier.ae, mean of three seeds | {mean:.2f} ({', '.join(f'{a:.2f}' for a in accuracy)}) | {statistics.mean(nll):.4f} |")
print(f"| MLP 256-128-100, as reported | {peer} | |")
print(f"| probe.ae, linear on 32 numbers | {probed[0]:.2f} | {probe_nll[0]:.4f} |")
if mean < peer:
    sys.exit("classifier.ae is below the reported network")
PYTHON
