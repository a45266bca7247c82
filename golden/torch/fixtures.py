#!/usr/bin/python3
"""Writes fashion.json, hinton.json, dropout.json, vae.json and others: what PyTorch computes for specs, in float64.

    python3 golden/torch/fixtures.py        (Debian: python3-torch)

Weights and inputs come from an integer formula, so that the Go tests make the
same ones: fill() here, and fill() in golden/torch_test.go. A fixture holds, for
a batch of 8 samples: outputs, the loss, every gradient and every parameter after
three Adam steps. Of each array it keeps the Euclidean norm and 40 entries.
Losses and gradients are those of training: with the masks of dropout and the
draws of vae, which follow from the seed.
"""
import json
import math
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

SAMPLES = 8
KEPT = 40
SPECS = {
    "fashion": (784, [256, 64, 32, 64, 256, 784], "rrirri"),
    "hinton": (784, [1000, 500, 250, 30, 250, 500, 1000, 784], "sssisssi"),
    "dropout": (784, [256, 32, 256, 784], "riri", {0: 0.1, 1: 0.25, 3: 0.25}),
}
SEED = 1
ACTIVATIONS = {"r": torch.relu, "s": torch.sigmoid, "i": lambda x: x}


def fill(stream, count):
    """count float32 values in [-1, 1): a hash of the index, different for each stream."""
    i = np.arange(count, dtype=np.uint64)
    h = (i * 2654435761 + stream * 40503 + 977) % 2**32
    h ^= h >> 15
    h = h * 2246822519 % 2**32
    h ^= h >> 13
    return ((h >> 8).astype(np.float64) / 2**23 - 1).astype(np.float32)


def mix(x):
    """The finaliser of SplitMix64 on arrays of uint64."""
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


def mask(number, step, shape, p):
    """What dropout number multiplies the values of a step's batch by."""
    gamma, u = np.uint64(0x9E3779B97F4A7C15), np.uint64
    with np.errstate(over="ignore"):
        key = mix(mix(np.array([SEED], u) + gamma) + u(2**35 + number))
        key = mix(mix(key + u(step)) + np.arange(shape[0], dtype=u))
        words = mix(key[:, None] + gamma * (np.arange(shape[1], dtype=u) // u(2) + u(1)))
    bits = (words >> (u(32) * (np.arange(shape[1], dtype=u) % u(2)))).astype(np.uint32).astype(np.int32)
    return torch.tensor(np.where(bits < round(p * 2**32) - 2**31, 0, 1 / (1 - p)))


def kept(array):
    """The norm of an array and KEPT of its entries, at equal distances."""
    flat = array.detach().numpy().reshape(-1)
    step = max(1, len(flat) // KEPT)
    return {"norm": float(np.sqrt(np.sum(flat**2))), "step": step, "values": [float(v) for v in flat[::step][:KEPT]]}


def names(widths):
    """The parameter prefixes of a mirrored spec, in order."""
    half = len(widths) // 2
    return [f"encoder.{i}" for i in range(half - 1)] + ["bottleneck"] + [f"decoder.{i}" for i in range(half)]


def fixture(width, widths, activations, dropout={}):
    """Dropout holds probabilities by the number of the layer that they come before."""
    params, inputs = {}, width
    for n, (name, outputs) in enumerate(zip(names(widths), widths)):
        weight = fill(2 * n, outputs * inputs) * np.float32(math.sqrt(3 / inputs))
        bias = fill(2 * n + 1, outputs) * np.float32(0.1)
        params[name + ".weight"] = torch.tensor(weight.reshape(outputs, inputs).astype(np.float64), requires_grad=True)
        params[name + ".bias"] = torch.tensor(bias.astype(np.float64), requires_grad=True)
        inputs = outputs
    x = torch.tensor(((fill(1000, SAMPLES * width) + 1) / 2).astype(np.float64).reshape(SAMPLES, width))

    def forward(step=None):
        """Code and logits; with a step, those of training."""
        h, code = x, None
        for n, (name, act) in enumerate(zip(names(widths), activations)):
            if n in dropout and step is not None:
                h = h * mask(list(dropout).index(n), step, h.shape, dropout[n])
            h = ACTIVATIONS[act](F.linear(h, params[name + ".weight"], params[name + ".bias"]))
            if name == "bottleneck":
                code = h
        return code, h

    code, logits = forward()
    scores = F.binary_cross_entropy_with_logits(logits, x, reduction="none").sum(1)
    out = {
        "samples": SAMPLES,
        "code": kept(code),
        "reconstruction": kept(torch.sigmoid(logits)),
        "scores": [float(s) for s in scores],
        "losses": [],
    }
    adam = torch.optim.Adam(params.values(), lr=1e-3)
    for step in range(3):
        adam.zero_grad()
        loss = F.binary_cross_entropy_with_logits(forward(step)[1], x, reduction="sum") / SAMPLES
        loss.backward()
        out["losses"].append(float(loss))
        if step == 0:
            out["gradients"] = {name: kept(p.grad) for name, p in params.items()}
        adam.step()
    out["trained"] = {name: kept(p) for name, p in params.items()}
    return out


MASK = 2**64 - 1
GAMMA = 0x9E3779B97F4A7C15


def mix(x):
    """The finaliser of SplitMix64."""
    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9 & MASK
    x = (x ^ x >> 27) * 0x94D049BB133111EB & MASK
    return x ^ x >> 31


def bits(seed, stream, step, sample, i):
    """NoiseBits of compiler/nn: 32 bits, with a sign."""
    key = mix(mix(seed + GAMMA & MASK) + stream & MASK)
    key = mix(mix(key + step & MASK) + sample & MASK)
    word = mix(key + GAMMA * (i // 2 + 1) & MASK) >> 32 * (i % 2) & 2**32 - 1
    return word - 2**32 if word >= 2**31 else word


DRAW = 1 << 36  # the stream of a code's draws
SYLVESTER = torch.tensor([[1, 1], [1, -1]], dtype=torch.float64)
HADAMARD = torch.kron(torch.kron(SYLVESTER, SYLVESTER), SYLVESTER)


def drawn(step, width, seed=1):
    """The deviates of a step of training, [SAMPLES, width]."""
    v = [[(bits(seed, DRAW, step, s, i) + 0.5) / 2**31 for i in range(width)] for s in range(SAMPLES)]
    return math.sqrt(2) * torch.erfinv(torch.tensor(v, dtype=torch.float64))


def fixed(width):
    """The deviates of the bound, [8, width]."""
    e = torch.zeros(8, width, dtype=torch.float64)
    for i in range(width):
        add, times = divmod((bits(0, DRAW, 0, 1, i // 7) & 2**32 - 1) % 42, 6)
        sign = -1 if bits(0, DRAW, 0, 0, i) & 1 else 1
        e[:, i] = sign * HADAMARD[:, 1 + ((times + 1) * i + add) % 7]
    return e


def variational(width=784, hidden=400, code=20):
    """vae.ae: a code N(mean, exp(logvar)), its divergence by torch.distributions."""
    layers = [("encoder.0", width, hidden), ("bottleneck.mean", hidden, code), ("bottleneck.logvar", hidden, code),
              ("decoder.0", code, hidden), ("decoder.1", hidden, width)]
    params = {}
    for n, (name, inputs, outputs) in enumerate(layers):
        weight = fill(2 * n, outputs * inputs) * np.float32(math.sqrt(3 / inputs))
        params[name + ".weight"] = torch.tensor(weight.reshape(outputs, inputs).astype(np.float64), requires_grad=True)
        params[name + ".bias"] = torch.tensor((fill(2 * n + 1, outputs) * np.float32(0.1)).astype(np.float64), requires_grad=True)
    x = torch.tensor(((fill(1000, SAMPLES * width) + 1) / 2).astype(np.float64).reshape(SAMPLES, width))

    def dense(name, h):
        return F.linear(h, params[name + ".weight"], params[name + ".bias"])

    def posterior():
        h = torch.relu(dense("encoder.0", x))
        q = torch.distributions.Normal(dense("bottleneck.mean", h), torch.exp(dense("bottleneck.logvar", h) / 2))
        p = torch.distributions.Normal(torch.zeros_like(q.loc), torch.ones_like(q.loc))
        return q, torch.distributions.kl_divergence(q, p).sum(1)

    def decode(z):
        return dense("decoder.1", torch.relu(dense("decoder.0", z)))

    def nll(logits):
        return F.binary_cross_entropy_with_logits(logits, x, reduction="none").sum(1)

    q, kl = posterior()
    scores = kl + torch.stack([nll(decode(q.loc + q.scale * e)) for e in fixed(code)]).mean(0)
    out = {"samples": SAMPLES, "code": kept(q.loc), "reconstruction": kept(torch.sigmoid(decode(q.loc))),
           "scores": [float(s) for s in scores], "losses": []}
    adam = torch.optim.Adam(params.values(), lr=1e-3)
    for step in range(3):
        adam.zero_grad()
        q, kl = posterior()
        loss = (nll(decode(q.loc + q.scale * drawn(step, code))) + kl).mean()
        loss.backward()
        out["losses"].append(float(loss))
        if step == 0:
            out["gradients"] = {name: kept(p.grad) for name, p in params.items()}
        adam.step()
    out["trained"] = {name: kept(p) for name, p in params.items()}
    return out


def fractions(seed, stream, step, width):
    """Uniform numbers of a step of training, [SAMPLES, width]."""
    v = [[(bits(seed, stream, step, s, i) + 2**31 + 0.5) / 2**32 for i in range(width)] for s in range(SAMPLES)]
    return torch.tensor(v, dtype=torch.float64)


def levels(width):
    """The uniform numbers of the bound's draws, [8, width]."""
    u = torch.zeros(8, width, dtype=torch.float64)
    for i in range(width):
        word = bits(0, DRAW + 1, 0, 0, i) & 2**32 - 1
        for k in range(8):
            u[k, i] = ((k * (word << 1 | 1) + (word >> 8) & 7) + 0.5) / 8
    return u


def logistic(u):
    return torch.log(u) - torch.log1p(-u)


def coins(width=784, hidden=256, code=64):
    """bernoulli_code.ae at temperature 1: a code of coins, its divergence by torch.distributions."""
    layers = [("encoder.0", width, hidden), ("bottleneck", hidden, code), ("decoder.0", code, hidden), ("decoder.1", hidden, width)]
    params = {}
    for n, (name, inputs, outputs) in enumerate(layers):
        weight = fill(2 * n, outputs * inputs) * np.float32(math.sqrt(3 / inputs))
        params[name + ".weight"] = torch.tensor(weight.reshape(outputs, inputs).astype(np.float64), requires_grad=True)
        params[name + ".bias"] = torch.tensor((fill(2 * n + 1, outputs) * np.float32(0.1)).astype(np.float64), requires_grad=True)
    x = torch.tensor(((fill(1000, SAMPLES * width) + 1) / 2).astype(np.float64).reshape(SAMPLES, width))

    def dense(name, h):
        return F.linear(h, params[name + ".weight"], params[name + ".bias"])

    def posterior():
        logits = dense("bottleneck", torch.relu(dense("encoder.0", x)))
        q, p = torch.distributions.Bernoulli(logits=logits), torch.distributions.Bernoulli(logits=torch.zeros_like(logits))
        return logits, torch.distributions.kl_divergence(q, p).sum(1)

    def decode(z):
        return dense("decoder.1", torch.relu(dense("decoder.0", z)))

    def nll(logits):
        return F.binary_cross_entropy_with_logits(logits, x, reduction="none").sum(1)

    logits, kl = posterior()
    code_of = (logits > 0).double()
    scores = kl + torch.stack([nll(decode((logits + logistic(u) > 0).double())) for u in levels(code)]).mean(0)
    out = {"samples": SAMPLES, "code": kept(code_of), "reconstruction": kept(torch.sigmoid(decode(code_of))),
           "scores": [float(s) for s in scores], "losses": []}
    adam = torch.optim.Adam(params.values(), lr=1e-3)
    for step in range(3):
        adam.zero_grad()
        logits, kl = posterior()
        loss = (nll(decode(torch.sigmoid(logits + logistic(fractions(1, DRAW, step, code))))) + kl).mean()
        loss.backward()
        out["losses"].append(float(loss))
        if step == 0:
            out["gradients"] = {name: kept(p.grad) for name, p in params.items()}
        adam.step()
    out["trained"] = {name: kept(p) for name, p in params.items()}
    return out


def classes(units=3, width=4, temperature=0.7):
    """Relaxed draws of units of several classes, the divergence of each unit by torch.distributions, and gradients by the logits."""
    logits = torch.tensor(fill(0, SAMPLES * units * width).astype(np.float64).reshape(SAMPLES, units, width) * 2, requires_grad=True)
    dy = torch.tensor(fill(1, SAMPLES * units * width).astype(np.float64).reshape(SAMPLES, units, width))
    u = fractions(1, DRAW, 0, units * width).reshape(SAMPLES, units, width)
    y = torch.softmax((logits - torch.log(-torch.log(u))) / temperature, 2)
    q = torch.distributions.Categorical(logits=logits)
    kl = torch.distributions.kl_divergence(q, torch.distributions.Categorical(logits=torch.zeros_like(logits)))
    slope, = torch.autograd.grad((y * dy).sum(), logits, retain_graph=True)
    divergence_slope, = torch.autograd.grad(kl.sum(), logits)
    return {"samples": SAMPLES, "units": units, "classes": width, "temperature": temperature,
            **{name: v.detach().numpy().reshape(-1).tolist() for name, v in
               [("y", y), ("kl", kl), ("slope", slope), ("divergence_slope", divergence_slope)]}}


def deviation(width=6, rho=0.3):
    """The loss of samples under normal distributions of deviation e^rho, by torch.distributions, and the gradient of the batch's mean."""
    r = torch.tensor(fill(0, SAMPLES * width).astype(np.float64).reshape(SAMPLES, width), requires_grad=True)
    t = torch.tensor(fill(1, SAMPLES * width).astype(np.float64).reshape(SAMPLES, width))
    log_std = torch.tensor([rho], dtype=torch.float64, requires_grad=True)
    scores = -torch.distributions.Normal(r, log_std.exp()).log_prob(t).sum(1)
    scores.mean().backward()
    return {"samples": SAMPLES, "scores": [float(s) for s in scores], "gradients": {"r": kept(r.grad), "log_std": kept(log_std.grad)}}


if __name__ == "__main__":
    here = pathlib.Path(__file__).parent
    for spec, model in SPECS.items():
        (here / f"{spec}.json").write_text(json.dumps(fixture(*model), indent=1) + "\n")
    (here / "vae.json").write_text(json.dumps(variational(), indent=1) + "\n")
    (here / "deviation.json").write_text(json.dumps(deviation(), indent=1) + "\n")
    (here / "bernoulli_code.json").write_text(json.dumps(coins(), indent=1) + "\n")
    (here / "classes.json").write_text(json.dumps(classes()) + "\n")
