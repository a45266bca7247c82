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
"$work/aegen" train $here/capacity.ae -data "$work/learn.npy" -val "$work/held.npy" -threads 1 -o "$work/weights" 2>"$work/log"
for part in learn held; do
	"$work/aegen" eval $here/capacity.ae -weights "$work/weights" -data "$work/$part.npy" -json >"$work/$part.eval"
done
/usr/bin/python3 - "$work" <<'PYTHON' | go run ./docs/page/put docs/results.md capacity
import json, re, sys
import numpy as np
work = sys.argv[1]
log = open(f"{work}/log").read()
warning = re.search(r"^warning\[AE0505\].*$", log, re.M)
said = re.search(r"^the decoder memorises the data: .* after epoch (\d+): .*\n.*$", log, re.M)
if not (warning and said):
    sys.exit(f"aegen does not warn of memorising, or does not say that the decoder memorises:\n{log[:2000]}\n{log[-2000:]}")
epochs = {int(n): (float(a), float(b)) for n, a, b in re.findall(r"^epoch (\d+) +loss (\S+) +validation (\S+) ", log, re.M)}
print(f"Before it begins:\n\n```text\n{warning[0]}\n```\n\nAt the end:\n\n```text\n{said[0]}\n```\n")
print("| epoch | training error | validation error |\n| --- | --: | --: |")
for n in sorted({1, 10, int(said[1]), 100, 1000, 2000, 4000, 6000, max(epochs)}):
    print(f"| {n} | {epochs[n][0]:.5f} | {epochs[n][1]:.5f} |")
x = np.load(f"{work}/learn.npy") / 255
variance = float(np.mean((x - x.mean(0)) ** 2))
learn, held = (json.load(open(f"{work}/{part}.eval"))["mse"] for part in ("learn", "held"))
print(f"\nWith the last weights the training error is {learn:.5f}, {100 * learn / variance:.1f} % of the variance of the 200 images, {variance:.5f};")
print(f"the validation error is {held:.5f}.")
if not (learn < 0.02 * variance and held > 0.75 * variance):
    sys.exit("the training error is not near 0, or the validation error has fallen")
PYTHON
