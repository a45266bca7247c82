"""Says whether a code has more than 34 values that are not 0 in the mean, fewer than 32, or neither: l0.py FIGURES, the output of `aegen eval -json`."""
import json
import sys

l0 = json.load(open(sys.argv[1]))["code"]["l0"]
print("many" if l0 > 34 else "few" if l0 < 32 else "right")
