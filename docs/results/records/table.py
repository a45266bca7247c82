#!/usr/bin/python3
"""Makes tables of mixed columns of Debian's index of packages.

    apt-cache dumpavail | docs/results/records/table.py FOLDER

One row is one package. It writes learn.csv (60 % of the packages), normal.csv (20 %, to set a threshold), and held.csv:
the other 20 %, and as many mixed rows, of which half the columns are those of another package of the 20 %. labels.csv has
0 for a package as it is and 1 for a mixed row. A package of a section that packages.ae does not know is left out.
"""
import csv
import pathlib
import random
import re
import sys

SECTIONS = re.search(r"section: *category\((.*)\)", (pathlib.Path(__file__).parent / "packages.ae").read_text())[1].replace('"', "").split(", ")
FIELDS = ["installed", "download", "section", "priority", "portable", "multiarch", "library", "depends", "recommends", "suggests", "words"]


def relations(text):
    return len([part for part in (text or "").split(",") if part.strip()])


def packages(lines):
    """The fields of each package once, by their names in lower case."""
    seen, one = set(), {}
    for line in lines:
        if line.strip():
            if m := re.match(r"([A-Za-z-]+): (.*)", line):
                one[m[1].lower()] = m[2].strip()
            continue
        if one.get("package") and one["package"] not in seen and "installed-size" in one and "size" in one:
            seen.add(one["package"])
            yield one
        one = {}


def row(p):
    name = p["package"]
    return {
        "name": name,
        "installed": p["installed-size"],  # KiB
        "download": p["size"],  # bytes
        "section": p["section"].split("/")[-1],
        "priority": p.get("priority", "optional"),
        "portable": int(p["architecture"] == "all"),
        "multiarch": p.get("multi-arch", "no"),
        "library": int(re.match(r"lib[a-z0-9]", name) is not None),
        "depends": relations(p.get("depends")) + relations(p.get("pre-depends")),
        "recommends": relations(p.get("recommends")),
        "suggests": relations(p.get("suggests")),
        "words": len(re.findall(r"\w+", p.get("description-en", p.get("description", "")))),
    }


def mixed(a, b, rng):
    """A row with half the columns of a, and the others of b."""
    out = dict(a)
    for field in rng.sample(FIELDS, len(FIELDS) // 2):
        out[field] = b[field]
    return out


def write(path, rows):
    with open(path, "w", newline="") as f:
        out = csv.DictWriter(f, ["name"] + FIELDS)
        out.writeheader()
        out.writerows(rows)


folder, rng = pathlib.Path(sys.argv[1]), random.Random(1)
rows = sorted((r for r in map(row, packages(sys.stdin)) if r["section"] in SECTIONS), key=lambda r: r["name"])
rng.shuffle(rows)
learn, normal, held = rows[: len(rows) * 6 // 10], rows[len(rows) * 6 // 10 : len(rows) * 8 // 10], rows[len(rows) * 8 // 10 :]
spoilt = [mixed(a, rng.choice(held), rng) for a in held]
write(folder / "learn.csv", learn)
write(folder / "normal.csv", normal)
write(folder / "held.csv", held + spoilt)
(folder / "labels.csv").write_text("".join(f"{label}\n" for label in [0] * len(held) + [1] * len(spoilt)))
print(f"{len(learn)} packages to learn, {len(normal)} to set a threshold, {len(held)} held out", file=sys.stderr)
