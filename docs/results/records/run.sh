#!/usr/bin/env bash
# Learns a table of mixed columns, Debian's packages, tells mixed-up rows from real ones, and rewrites the figures of docs/results.md.
# Debian: apt-utils (after apt-get update), python3-numpy, python3-scipy, python3-sklearn.
set -euo pipefail
cd "$(dirname "$0")/../../.."
here=docs/results/records
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
go build -o "$work/" ./cmd/aegen
apt-cache dumpavail | /usr/bin/python3 $here/table.py "$work"

"$work/aegen" train $here/packages.ae -data "$work/learn.csv" -quiet -o "$work/weights"
"$work/aegen" calibrate $here/packages.ae -weights "$work/weights" -data "$work/normal.csv"
head -$(($(grep -c '^0' "$work/labels.csv") + 1)) "$work/held.csv" >"$work/real.csv"
"$work/aegen" eval $here/packages.ae -weights "$work/weights" -data "$work/real.csv" -json >"$work/real.json"
"$work/aegen" eval $here/packages.ae -weights "$work/weights" -data "$work/held.csv" -labels "$work/labels.csv" -normal 0 -json >"$work/held.json"
"$work/aegen" score $here/packages.ae -weights "$work/weights" -data "$work/real.csv" -explain -o "$work/parts.csv"
/usr/bin/python3 $here/peers.py "$work" >"$work/peers.json"
/usr/bin/python3 $here/figures.py "$work" | go run ./docs/page/put docs/results.md records
