#!/usr/bin/python3
"""Prints the figures of run.sh, of the files that it wrote to a FOLDER."""
import csv
import json
import sys

folder = sys.argv[1]
read = lambda name: json.load(open(f"{folder}/{name}.json"))
held, real, peers = read("held"), read("real"), read("peers")
print("| mixed-up rows among real ones | AUROC | average precision | nats a real package |")
print("| --- | --: | --: | --: |")
print(f"| packages.ae | {held['auroc']:.3f} | {held['average_precision']:.3f} | {real['nll']:.2f} |")
for name, what in [("marginals", "fields that do not depend on one another"), ("pca", f"exact PCA, best of six: {peers['pca']['components']} components"), ("forest", "isolation forest, mean of five")]:
    p = peers[name]
    nll = f"{p['nll']:.2f}" if "nll" in p else ""
    print(f"| {what} | {p['auroc']:.3f} | {p['ap']:.3f} | {nll} |")
a = real["alarms"]
print(f"\nAlarms: one in a hundred was asked for. Of the {a['of']:,} real packages held out, {a['raised']} raise one, {100 * a['rate']:.2f} %; the interval of the true")
print(f"rate is {100 * a['low']:.2f} % to {100 * a['high']:.2f} %. Of the mixed-up rows, {100 * held['alarms']['detected']:.0f} % raise one.\n")
names = [r["name"] for r in csv.DictReader(open(f"{folder}/real.csv"))]
rows = {r["name"]: r for r in csv.DictReader(open(f"{folder}/real.csv"))}
parts = [{k: float(v) for k, v in r.items()} for r in csv.DictReader(open(f"{folder}/parts.csv"))]
print("| the least likely real packages | nats | of which |")
print("| --- | --: | --- |")
for score, name, part in sorted(((p["score"], n, p) for n, p in zip(names, parts)), key=lambda t: -t[0])[:5]:
    most = sorted(((v, k) for k, v in part.items() if k != "score"), reverse=True)[:2]
    print(f"| {name} | {score:,.0f} | " + ", ".join(f"{v:,.0f} by {k} {rows[name][k]}" for v, k in most) + " |")
