#!/usr/bin/env bash
# Trains classifiers of Fashion-MNIST with 1,000 labels, from pretrained denoising layers and from random weights, and rewrites the figures of
# docs/results.md. DATA is the folder of Fashion-MNIST, a Debian package: dataset-fashion-mnist.
set -euo pipefail
(($# < 2)) || { echo "usage: run.sh [DATA]" >&2; exit 2; }
data=${1:-}
[[ $data ]] || data=$(dirname "$(dpkg -L dataset-fashion-mnist | grep '/train-images-idx3-ubyte.gz$')")
data=$(cd "$data" && pwd)
learn=$data/train-images-idx3-ubyte.gz held=$data/t10k-images-idx3-ubyte.gz
cd "$(dirname "$0")/../../.."
here=docs/results/labels
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
go build -o "$work/aegen" ./cmd/aegen

# train SPEC SEED … trains a classifier and prints {"accuracy":…} of the test images.
train() {
	"$work/aegen" train "$here/$1.ae" -set run="$2" -data "$work/images" -labels "$work/labels" -quiet -o "$work/weights" "${@:3}" >&2
	"$work/aegen" eval "$here/$1.ae" -weights "$work/weights" -data "$held" -labels "$data/t10k-labels-idx1-ubyte.gz" -json | tr -d '\n'
	echo
}

for seed in 1 2 3 4 5; do
	/usr/bin/python3 $here/subset.py "$learn" "$data/train-labels-idx1-ubyte.gz" 1000 $seed "$work"
	"$work/aegen" train $here/layers.ae -set run=$seed -data "$learn" -quiet -pretrained "$work/layers" -o "$work/joint" >&2
	train pretrained $seed -encoder "$work/layers" >>"$work/pretrained"
	train random $seed >>"$work/random"
	train relu $seed >>"$work/relu"
done

/usr/bin/python3 - "$work" <<'PYTHON' | go run ./docs/page/put docs/results.md labels
import json, statistics, sys
print("| classifier | accuracy of five seeds, % | mean | deviation |\n| --- | --- | --: | --: |")
means = {}
for name, title in (("pretrained", "pretrained denoising layers, sigmoid"), ("random", "the same from random weights"), ("relu", "`relu`, from random weights")):
    a = [100 * json.loads(line)["accuracy"] for line in open(f"{sys.argv[1]}/{name}")]
    means[name] = statistics.mean(a)
    print(f"| {title} | {', '.join(f'{v:.2f}' for v in a)} | {means[name]:.2f} | {statistics.stdev(a):.2f} |")
ahead = means["pretrained"] - means["random"]
print(f"\nPretrained layers are {ahead:.2f} points ahead of the same network from random weights, and {means['pretrained'] - means['relu']:.2f} ahead of `relu`.")
if ahead < 1:
    sys.exit(f"{ahead:.2f} points ahead")
PYTHON
