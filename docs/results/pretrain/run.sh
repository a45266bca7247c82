#!/usr/bin/env bash
# Trains specs/hinton.ae from random weights and layer by layer, for the same time, and rewrites the figures of docs/results.md and the
# picture beside this script. DATA is the folder of Fashion-MNIST. Debian: dataset-fashion-mnist, python3-matplotlib.
set -euo pipefail
(($# < 2)) || { echo "usage: run.sh [DATA]" >&2; exit 2; }
threads=2

# spent prints the CPU time, in ticks of 10 ms, that all processes but this script and its children have used.
spent() {
	awk 'FILENAME == "/proc/stat" { if (FNR == 1) all = $2 + $3 + $4 + $7 + $8; next } { print all - $14 - $15 - $16 - $17 }' \
		/proc/stat "/proc/$$/stat"
}

# beside runs a command and leaves in others the share of a core, in %, that other processes took meanwhile.
beside() {
	local before begin
	before=$(spent) begin=${EPOCHREALTIME/./}
	"$@"
	others=$((($(spent) - before) * 1000000 / (${EPOCHREALTIME/./} - begin)))
}

# curve trains SPEC … and keeps its points in NAME.
curve() {
	"$work/curve" "$work/aegen" "$held" "${@:2}" -data "$learn" -threads $threads >"$work/$1"
}

data=${1:-}
[[ $data ]] || data=$(dirname "$(dpkg -L dataset-fashion-mnist | grep '/train-images-idx3-ubyte.gz$')")
data=$(cd "$data" && pwd)
learn=$data/train-images-idx3-ubyte.gz held=$data/t10k-images-idx3-ubyte.gz
cd "$(dirname "$0")/../../.."
here=docs/results/pretrain
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
go build -o "$work/" ./cmd/aegen ./docs/results/pretrain/curve

# The models' programs are built before anything is timed.
for spec in specs/hinton.ae $here/layers.ae; do
	"$work/aegen" train "$spec" -data "$held" -epochs 1 -quiet -threads $threads -o "$work/last"
done
beside curve scratch specs/hinton.ae -epochs 8
first=$others
beside curve layers $here/layers.ae
pca=$("$work/aegen" eval specs/hinton.ae -weights "$work/last" -data "$held" -pca "$learn" | awk '/^pca sse/ { print $3 }')

/usr/bin/python3 $here/plot.py $here/curves.png "$pca" "$work/scratch" "$work/layers"
/usr/bin/python3 - "$pca" "$work/scratch" "$work/layers" "$first" "$others" <<'PYTHON' | go run ./docs/page/put docs/results.md pretrain
import json, sys
pca = float(sys.argv[1])
scratch, layers = ([json.loads(line) for line in open(path)] for path in sys.argv[2:4])
print("| from random weights | seconds | sse | `pretrain layers` | seconds | sse | of PCA's |\n| --- | --: | --: | --- | --: | --: | --: |")
for i in range(max(len(scratch), len(layers))):
    row = ["", "", ""]
    if i < len(scratch):
        p = scratch[i]
        row = [f"epoch {p['epoch']}", f"{p['seconds']:.1f}", f"{p['sse']:.2f}"]
    if i < len(layers):
        p = layers[i]
        row += [f"epoch {p['epoch']}" if p["epoch"] else "after pretraining", f"{p['seconds']:.1f}", f"{p['sse']:.2f}", f"{p['sse'] / pca:.2f}"]
    print("| " + " | ".join(row + [""] * (7 - len(row))) + " |")
print(f"\nExact PCA with 30 numbers a code: {pca:.2f}. Other processes took {sys.argv[4]} % of a core in the first run, {sys.argv[5]} % in the second.")
late, much = layers[-1]["seconds"] > scratch[-1]["seconds"], layers[-1]["sse"] > 0.75 * pca
if late or much:
    sys.exit(f"{'later' if late else 'not later'} than training from random weights, {layers[-1]['sse'] / pca:.3f} of PCA's error")
PYTHON
