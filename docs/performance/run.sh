#!/usr/bin/env bash
# Times aegen and other systems on the models of this folder, one after the other in one run, and rewrites the table of
# docs/performance.md. PEERS is the folder of their programs: its run.sh prints measurements as JSON lines, and
# ${PEERS_DIR:-~/.cache/aegen-peers}/models holds the exported models.
set -euo pipefail
[[ ${PEERS:-} && $# == 0 ]] || { echo "usage: PEERS=DIR [MODELS='tiny dense'] [THREADS='1 2'] [TIME=S] [ROUNDS=N] run.sh" >&2; exit 2; }
models=${MODELS:-tiny dense hinton vae sae conv}
threads=${THREADS:-1 2}
time=${TIME:-1}
rounds=${ROUNDS:-1}

peers=$(cd "$PEERS" && pwd)
cd "$(dirname "$0")/../.."
reference=${PEERS_DIR:-$HOME/.cache/aegen-peers}/models
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
go build -o "$work/aegen" ./cmd/aegen

# bench MODEL THREADS
bench() {
	local args=("docs/performance/$1.ae" -json -threads "$2" -seconds "$time") format
	"$work/aegen" bench "${args[@]}" -reference "$reference"
	[[ $1 != conv ]] || return 0 # weights of convolutions are float32 only
	for format in f16 bf16 int8; do
		"$work/aegen" bench "${args[@]}" -mode infer -reference "$reference" -precision "$format"
	done
}

# What cannot be measured is reported and leaves its cells empty.
status=0
for ((round = 0; round < rounds; round++)); do
	for model in $models; do
		for t in $threads; do
			"$peers/run.sh" -models "$model" -threads "$t" -seconds "$time" >>"$work/lines" || status=1
			bench "$model" "$t" >>"$work/lines" || status=1
		done
	done
done
go run ./docs/performance/table -page docs/performance.md "$work/lines"
exit $status
