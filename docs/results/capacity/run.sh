#!/usr/bin/env bash
# Trains a code of one number with a wide decoder on 200 images of Fashion-MNIST, validated on the next 1,000, and rewrites the figures of
# docs/results.md. DATA is the folder of Fashion-MNIST. Debian: dataset-fashion-mnist, python3-numpy.
set -euo pipefail
(($# < 2)) || { echo "usage: run.sh [DATA]" >&2; exit 2; }
data=${1:-}
[[ $data ]] || data=$(dirname "$(dpkg -L dataset-fashion-mnist | grep '/train-images-idx3-ubyte.gz$')")
data=$(cd "$data" && pwd)
cd "$(dirname "$0")/../../.."
here=docs/results/capacity
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
go build -o "$work/" ./cmd/aegen
/usr/bin/python3 - "$data/train-images-idx3-ubyte.gz" "$work" <<'PYTHON'
import gzip, sys
import numpy as np
x = np.frombuffer(gzip.open(sys.argv[1]).read(), np.uint8, offset=16).reshape(-1, 784)
np.save(sys.argv[2] + "/learn.npy", x[:200])
np.save(sys.argv[2] + "/held.npy", x[200:1200])
PYTHON
train() { "$work/aegen" train $here/capacity.ae -data "$work/learn.npy" -val "$work/held.npy" -threads 1 -o "$work/weights" "$@"; }
train -json >"$work/events"
for part in learn held; do
	"$work/aegen" eval $here/capacity.ae -weights "$work/weights" -data "$work/$part.npy" -json >"$work/$part.eval"
done
/usr/bin/python3 - "$work" <<'PYTHON' | go run ./docs/page/put docs/results.md capacity
import json, sys
import numpy as np
work = sys.argv[1]
events = [json.loads(line) for line in open(f"{work}/events")]
epochs = {e["epoch"]["epoch"]: e["epoch"] for e in events if "epoch" in e}
end = events[-1]["trained"]
memorised = end.get("memorised")
if memorised is None:
    sys.exit("aegen does not say that the decoder memorises")
print("| epoch | training error | validation error |\n| --- | --: | --: |")
for n in sorted({1, 10, memorised["lowestEpoch"], 100, 1000, 2000, 4000, 6000, len(epochs)}):
    print(f"| {n} | {epochs[n]['loss']:.5f} | {epochs[n]['validation']:.5f} |")
x = np.load(f"{work}/learn.npy") / 255
variance = float(np.mean((x - x.mean(0)) ** 2))
learn, held = (json.load(open(f"{work}/{part}.eval"))["mse"] for part in ("learn", "held"))
print(f"\nWith the last weights the training error is {learn:.5f}, {100 * learn / variance:.1f} % of the variance of the 200 images, {variance:.5f};")
print(f"the validation error is {held:.5f}.")
if not (learn < 0.02 * variance and held > 0.75 * variance):
    sys.exit("the training error is not near 0, or the validation error has fallen")
PYTHON
