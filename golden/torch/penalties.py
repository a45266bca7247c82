#!/usr/bin/python3
"""Writes penalties.json: what PyTorch computes for specs with penalties, in float64.

    python3 golden/torch/penalties.py        (Debian: python3-torch)

Every spec is x (30 values) -> code (12) -> x with the squared error, or with hidden layers before the code. A fixture holds, for a batch of 8 samples: the code, the loss of
training and every gradient, and after three Adam steps every parameter. The Jacobian of contractive is that of
torch.autograd.functional.jacobian, sample by sample; all gradients are autograd's.
"""
import json
import math
import pathlib

import torch
import torch.nn.functional as F

from fixtures import fill, kept

SAMPLES, WIDTH, CODE = 8, 30, 12
SOFTSHRINK = torch.nn.Softshrink
NONE = lambda w, x, z, f: 0.0


def l1(strength):
    return lambda w, x, z, f: strength * z.abs().sum(1).mean()


def kl(rho, beta):
    def penalty(w, x, z, f):
        m = z.mean(0)
        p, q = torch.distributions.Bernoulli(torch.tensor(rho, dtype=torch.float64)), torch.distributions.Bernoulli(m)
        return beta * torch.distributions.kl_divergence(p, q).sum()

    return penalty


def contractive(strength):
    def penalty(w, x, z, f):
        jacobians = [torch.autograd.functional.jacobian(f, row, create_graph=True) for row in x]
        return strength * torch.stack([(j**2).sum() for j in jacobians]).mean()

    return penalty


def orthogonal(strength):
    """The weight of PyTorch is [code, x]: a row for each value of the code."""
    return lambda w, x, z, f: strength * ((w @ w.T - torch.eye(CODE, dtype=torch.float64)) ** 2).sum()


ACTIVATIONS = {
    "": lambda a: a, "relu": torch.relu, "sigmoid": torch.sigmoid, "tanh": torch.tanh, "gelu": F.gelu, "silu": F.silu,
    "elu": F.elu, "softplus": F.softplus, "softshrink(0.2)": SOFTSHRINK(0.2),
}
# Words of the bottleneck, what PyTorch applies, lines of its body, the penalty, whether units are normed, and decay.
CASES = {
    "l1": ("tanh", "tanh", ["sparsity l1(0.05)"], l1(0.05)),
    "l1 proximal": ("", "softshrink(0.2)", ["sparsity l1(0.2, proximal: true)"], l1(0.2)),
    "kl": ("sigmoid", "sigmoid", ["sparsity kl(rho: 0.1, beta: 0.7)"], kl(0.1, 0.7)),
    "orthogonal": ("relu", "relu", ["orthogonal(0.03)"], orthogonal(0.03)),
    "unit_norm": ("relu", "relu", ["sparsity l1(0.05)", "unit_norm"], l1(0.05)),
    "decay": ("sigmoid", "sigmoid", [], NONE, 0.02),
}
for word in ["", "relu", "sigmoid", "tanh", "gelu", "silu", "elu", "softplus"]:
    CASES["contractive " + (word or "linear")] = (word, word, ["contractive(0.1)"], contractive(0.1))
DEEP = {
    "contractive behind tanh": [(17, "tanh")],
    "contractive behind relu and gelu": [(20, "relu"), (15, "gelu")],
    "contractive behind silu, softplus": [(9, "silu"), (14, "softplus")],
    "contractive behind elu": [(13, "elu")],
}
for case, word in zip(DEEP, ["sigmoid", "tanh", "", "softshrink(0.2)"]):
    CASES[case] = (word, word, ["contractive(0.1)"], contractive(0.1), 0.0, DEEP[case])


def spec(word, lines, decay, hidden):
    body = " {\n" + "".join(line + "\n" for line in lines) + "}" if lines else ""
    layers = "".join(f"\ndense({width}) {activation}" for width, activation in hidden) + "\n" if hidden else " "
    train = f"decay l1({decay})\n" if decay else ""
    return (f"model Penalties\ninput x = vector({WIDTH})\nencoder {{{layers}}}\nbottleneck z = dense({CODE}) {word}{body}\n"
            f"decoder {{ dense }}\nreconstruct mse\ntrain {{\nbatch {SAMPLES}\n{train}}}\n")


def fixture(word, applied, lines, penalty, decay=0.0, hidden=()):
    params, number = {}, 0
    sizes = [WIDTH] + [width for width, _ in hidden] + [CODE, WIDTH]
    names = [f"encoder.{i}" for i in range(len(hidden))] + ["bottleneck", "decoder.0"]
    for name, inputs, outputs in zip(names, sizes, sizes[1:]):
        weight = fill(number, outputs * inputs).astype("float64") * math.sqrt(3 / inputs)
        bias = fill(number + 1, outputs).astype("float64") * 0.1
        params[name + ".weight"] = torch.tensor(weight.reshape(outputs, inputs), requires_grad=True)
        params[name + ".bias"] = torch.tensor(bias, requires_grad=True)
        number += 2
    x = torch.tensor(((fill(1000, SAMPLES * WIDTH).astype("float64") + 1) / 2).reshape(SAMPLES, WIDTH))

    def encode(x):
        for i, (_, activation) in enumerate(hidden):
            x = ACTIVATIONS[activation](F.linear(x, params[f"encoder.{i}.weight"], params[f"encoder.{i}.bias"]))
        return ACTIVATIONS[applied](F.linear(x, params["bottleneck.weight"], params["bottleneck.bias"]))

    out = {"spec": spec(word, lines, decay, hidden), "code": kept(encode(x)), "losses": []}
    adam = torch.optim.Adam(params.values(), lr=1e-3)
    for step in range(3):
        adam.zero_grad()
        z = encode(x)
        r = F.linear(z, params["decoder.0.weight"], params["decoder.0.bias"])
        loss = F.mse_loss(r, x) + penalty(params["bottleneck.weight"], x, z, encode)
        loss.backward()
        out["losses"].append(float(loss))
        if step == 0:
            out["gradients"] = {name: kept(p.grad) for name, p in params.items()}
        for name, p in params.items():
            if name.endswith("weight") and decay:
                p.grad += decay * torch.sign(p.detach())
        adam.step()
        if "unit_norm" in lines:
            with torch.no_grad():
                params["decoder.0.weight"] /= params["decoder.0.weight"].norm(dim=0, keepdim=True)
    out["trained"] = {name: kept(p) for name, p in params.items()}
    return out


if __name__ == "__main__":
    here = pathlib.Path(__file__).parent
    fixtures = {name: fixture(*case) for name, case in CASES.items()}
    (here / "penalties.json").write_text(json.dumps(fixtures, indent=1) + "\n")
