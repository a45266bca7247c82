#!/usr/bin/env bash
# Tries settings of article.ae without the test images: models of the classes 0 to 4 judge the last 500 training images of their class beside 250
# of each other class, none of which they learn from. It rewrites that table of docs/results.md; article.ae has the best settings.
# DATA is the folder of Fashion-MNIST. Debian: python3-sklearn, dataset-fashion-mnist
set -euo pipefail
(($# < 2)) || { echo "usage: choose.sh [DATA]" >&2; exit 2; }
data=${1:-}
[[ $data ]] || data=$(dpkg -L dataset-fashion-mnist | grep '/train-images-idx3-ubyte.gz$' | sed 's|/[^/]*$||')
data=$(cd "$data" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$here/../../.."
go build -o "$work/aegen" ./cmd/aegen
PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 "$here/data.py" "$data" "$work"
echo "| setting | 0 | 1 | 2 | 3 | 4 | mean AUROC |" >"$work/rows"
echo "| --- | --: | --: | --: | --: | --: | --: |" >>"$work/rows"

# row TITLE CHANGE FLAGS... tries article.ae, changed by an expression of sed, with flags of aegen train that eval has too.
row() {
	local title=$1 change=$2
	shift 2
	sed "$change" "$here/article.ae" >"$work/article.ae"
	for class in {0..4}; do
		"$work/aegen" train "$work/article.ae" "$@" -data "$work/article-train-$class.npy" -o "$work/weights" -quiet 2>"$work/log" || { cat "$work/log" >&2; exit 1; }
		"$work/aegen" eval "$work/article.ae" "$@" -weights "$work/weights" -data "$work/article-held-$class.npy" \
			-labels "$work/article-held-labels-$class.npy" -normal 0 -json 2>>"$work/log" >"$work/$class.json" || { cat "$work/log" >&2; exit 1; }
	done
	/usr/bin/python3 - "$title" "$work"/[0-4].json >>"$work/rows" <<'PYTHON'
import json, sys
values = [json.load(open(name))["auroc"] for name in sys.argv[2:]]
print("|", " | ".join([sys.argv[1]] + [f"{v:.4f}" for v in values + [sum(values) / len(values)]]), "|")
PYTHON
	tail -1 "$work/rows"
}

variational='s/dense(latent)/gaussian(latent)/'
row "raw pixels, \`gaussian(16)\` with \`std: 0.1\`, 256 units" "$variational; s/scale standard//; s/std: 1/std: 0.1/" -set hidden=256 -set latent=16
row "standardised, \`gaussian(8)\`, 256 units, tanh first" "$variational; s/dense(hidden)     relu/dense(hidden) tanh/" -set hidden=256
row "standardised, \`dense(4)\`, 256 units" "" -set hidden=256 -set latent=4
row "\`dense(8)\`, 256 units" "" -set hidden=256
row "\`dense(32)\`, 256 units" "" -set hidden=256 -set latent=32
row "\`dense(8)\`, 512 units" ""
go run ./docs/page/put docs/results.md "anomaly choice" <"$work/rows"
