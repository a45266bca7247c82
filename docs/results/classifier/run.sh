#!/usr/bin/env bash
# Trains specs/classifier.ae and the same network in PyTorch on Fashion-MNIST, three seeds each, and specs/probe.ae on the codes of
# specs/fashion.ae, and rewrites the figures of docs/results.md. DATA is the folder of Fashion-MNIST.
# Debian: dataset-fashion-mnist, python3-torch.
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
eval() { "$work/aegen" eval "$1" -weights "$2" -data "$data/t10k-images-idx3-ubyte.gz" -labels "$data/t10k-labels-idx1-ubyte.gz" -json; }
for seed in 1 2 3; do
	sed "s/^    seed .*/    seed $seed/" specs/classifier.ae >"$work/classifier.ae"
	"$work/aegen" train "$work/classifier.ae" $images $labels -threads 2 -o "$work/weights" -quiet
	eval "$work/classifier.ae" "$work/weights" >"$work/aegen.$seed"
	/usr/bin/python3 docs/results/classifier/pytorch.py "$data" $seed 2 >"$work/pytorch.$seed"
done
"$work/aegen" train specs/fashion.ae $images -threads 2 -o "$work/fashion" -quiet
"$work/aegen" train specs/probe.ae -encoder "$work/fashion" $images $labels -threads 2 -o "$work/probe" -quiet
eval specs/probe.ae "$work/probe" >"$work/probe.1"
/usr/bin/python3 - "$work" <<'PYTHON' | go run ./docs/page/put docs/results.md classifier
import glob, json, statistics, sys
def read(name):
    runs = [json.load(open(f)) for f in sorted(glob.glob(f"{sys.argv[1]}/{name}.[0-9]"))]
    return [100 * r["accuracy"] for r in runs], [r["nll"] for r in runs]
print("| classifier | accuracy of each seed, % | mean | nats a sample, mean |\n| --- | --- | --: | --: |")
mean = {}
for name, what in [("aegen", "classifier.ae"), ("pytorch", "the same in PyTorch"), ("probe", "probe.ae")]:
    accuracy, nll = read(name)
    mean[name] = statistics.mean(accuracy)
    print(f"| {what} | {', '.join(f'{a:.2f}' for a in accuracy)} | {mean[name]:.2f} | {statistics.mean(nll):.4f} |")
if abs(mean["aegen"] - mean["pytorch"]) > 1:
    sys.exit("the accuracies differ by more than a point")
PYTHON
