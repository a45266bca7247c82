#!/usr/bin/env bash
# Makes composites of Fashion-MNIST, trains unet.ae and dense.ae to tell their classes, and rewrites the figures of docs/results.md and the picture beside this
# file. DATA is the folder of Fashion-MNIST, a Debian package: dataset-fashion-mnist.
set -euo pipefail
(($# < 2)) || { echo "usage: run.sh [DATA]" >&2; exit 2; }
data=${1:-}
[[ $data ]] || data=$(dirname "$(dpkg -L dataset-fashion-mnist | grep '/train-images-idx3-ubyte.gz$')")
data=$(cd "$data" && pwd)
cd "$(dirname "$0")/../../.."
here=docs/results/segmentation
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
go build -o "$work/" ./cmd/aegen ./$here/composites ./$here/picture
"$work/composites" -images "$data/train-images-idx3-ubyte.gz" -labels "$data/train-labels-idx1-ubyte.gz" -n 8000 -seed 1 -o "$work/train"
"$work/composites" -images "$data/t10k-images-idx3-ubyte.gz" -labels "$data/t10k-labels-idx1-ubyte.gz" -n 1000 -seed 2 -o "$work/held"
for model in unet dense; do
	"$work/aegen" train $here/$model.ae -data "$work/train-x.npy" -labels "$work/train-mask.npy" -threads 2 -json -o "$work/$model" >"$work/$model.log"
	"$work/aegen" eval $here/$model.ae -weights "$work/$model" -data "$work/held-x.npy" -labels "$work/held-mask.npy" -json >"$work/$model.eval"
done
"$work/aegen" reconstruct $here/unet.ae -weights "$work/unet" -data "$work/held-x.npy" -o "$work/predicted.npy"
"$work/picture" "$work/held-x.npy" "$work/held-mask.npy" "$work/predicted.npy" $here/picture.png

/usr/bin/python3 - "$work" <<'PYTHON' | go run ./docs/page/put docs/results.md segmentation
import json, sys
judged, seconds = {}, {}
for model in ("unet", "dense"):
    judged[model] = json.load(open(f"{sys.argv[1]}/{model}.eval"))
    seconds[model] = [json.loads(line)["trained"]["seconds"] for line in open(f"{sys.argv[1]}/{model}.log") if '"trained"' in line][-1]
print("| class | unet.ae | dense.ae |\n| --- | --: | --: |")
for i, name in enumerate(("background", "tops", "trousers", "shoes")):
    print(f"| {name} |" + "".join(f" {j['segmentation']['iou'][i]:.3f} |" for j in judged.values()))
print("| mean |" + "".join(f" {j['segmentation']['mean_iou']:.3f} |" for j in judged.values()))
print("| places with the right class, % |" + "".join(f" {100 * j['accuracy']:.2f} |" for j in judged.values()))
print("| seconds of training, two threads |" + "".join(f" {s:.0f} |" for s in seconds.values()))
mean = judged["unet"]["segmentation"]["mean_iou"]
if mean <= 0.85:
    sys.exit(f"a mean of {mean:.3f}")
PYTHON
