#!/usr/bin/python3
"""Writes spatial.json: what PyTorch computes for layers on grids, in float64.

    python3 golden/torch/spatial.py        (Debian: python3-torch)

A case is a layer, a window and the numbers of 2 samples: y, and the gradients of the mean squared error by x, the weight and the bias.
Samples are [height, width, channels] and weights [tap, channel, output], as in aegen; x, w, b and the target come from fill().
"""
import json
import pathlib

import torch
import torch.nn.functional as F

from categorical import fill

SAMPLES = 2


def numbers(stream, *shape):
    """A tensor in PyTorch's order: channels second."""
    count = 1
    for n in shape:
        count *= n
    return torch.tensor(fill(stream, count), dtype=torch.float64).reshape(shape)


def samples(stream, grid):
    return numbers(stream, SAMPLES, *grid).permute(0, 3, 1, 2).contiguous()


def listed(x):
    return [float(f"{v:.13g}") for v in x.reshape(-1).tolist()]


def last(x):
    """Channels last."""
    return listed(x.permute(0, 2, 3, 1))


def window(grid, kernel, stride=(1, 1), dilation=(1, 1), pad=(0, 0, 0, 0), groups=1, out=0):
    """The window of a convolution of grid; pad is top, left, bottom, right."""
    reach = [(k - 1) * d + 1 for k, d in zip(kernel, dilation)]
    size = [(grid[i] + pad[i] + pad[i + 2] - reach[i]) // stride[i] + 1 for i in (0, 1)]
    return {"in": list(grid), "out": [*size, out or grid[2]], "kernel": kernel, "stride": stride, "dilation": dilation, "pad": pad, "groups": groups}


def padded(x, w, value=0.0):
    top, left, bottom, right = w["pad"]
    return F.pad(x, (left, right, top, bottom), value=value)


def conv(x, weight, bias, w):
    top, left, bottom, right = w["pad"]
    settings = {"stride": w["stride"], "dilation": w["dilation"], "groups": w["groups"]}
    if w["in"][1] == 1 and w["kernel"][1] == 1:  # a sequence
        one = {k: v[0] if k != "groups" else v for k, v in settings.items()}
        return F.conv1d(F.pad(x[..., 0], (top, bottom)), weight[..., 0], bias, **one)[..., None]
    if (top, left) == (bottom, right):
        return F.conv2d(x, weight, bias, padding=(top, left), **settings)
    return F.conv2d(padded(x, w), weight, bias, **settings)


def deconv(x, weight, bias, w):
    top, left, bottom, right = w["pad"]
    settings = {"stride": w["stride"], "dilation": w["dilation"], "groups": w["groups"]}
    reach = [(k - 1) * d + 1 for k, d in zip(w["kernel"], w["dilation"])]
    rest = [w["in"][i] + w["pad"][i] + w["pad"][i + 2] - reach[i] - (w["out"][i] - 1) * w["stride"][i] for i in (0, 1)]
    if (top, left) == (bottom, right):
        return F.conv_transpose2d(x, weight, bias, padding=(top, left), output_padding=rest, **settings)
    y = F.conv_transpose2d(x, weight, None, **settings)
    return F.pad(y, (-left, rest[1] - right, -top, rest[0] - bottom)) + bias[:, None, None]


def maximum(x, w):
    return F.max_pool2d(padded(x, w, -torch.inf), w["kernel"], w["stride"], dilation=w["dilation"])


def average(x, w):
    top, left, bottom, right = w["pad"]
    if (top, left) == (bottom, right):
        return F.avg_pool2d(x, w["kernel"], w["stride"], padding=(top, left), count_include_pad=False)
    share = F.avg_pool2d(padded(torch.ones_like(x), w), w["kernel"], w["stride"])
    return F.avg_pool2d(padded(x, w), w["kernel"], w["stride"]) / share


def case(kind, w, adjoint=False, factor=None, bilinear=False):
    back = kind in ("deconv", "max_unpool")
    x = samples(0, w["out"] if back else w["in"]).requires_grad_()
    result = {"kind": kind, **w, "adjoint": adjoint, "bilinear": bilinear}
    parameters = {}
    if kind in ("conv", "deconv"):
        groups, ins, outs = w["groups"], w["in"][2] // w["groups"], w["out"][2] // w["groups"]
        if (kind == "deconv") != adjoint:  # columns are the channels of in
            weight = numbers(1, *w["kernel"], outs, groups * ins).requires_grad_()
            torch_weight = weight.reshape(*w["kernel"], outs, groups, ins).permute(3, 2, 4, 0, 1).reshape(groups * outs, ins, *w["kernel"])
        else:
            weight = numbers(1, *w["kernel"], ins, groups * outs).requires_grad_()
            torch_weight = weight.permute(3, 2, 0, 1)
        bias = numbers(3, w["in"][2] if kind == "deconv" else w["out"][2]).requires_grad_()
        parameters = {"dw": weight, "db": bias}
        y = (conv if kind == "conv" else deconv)(x, torch_weight, bias, w)
    elif kind == "max_pool":
        y = maximum(x, w)
    elif kind == "avg_pool":
        y = average(x, w)
    elif kind == "max_unpool":
        _, indices = F.max_pool2d(samples(1, w["in"]), w["kernel"], w["stride"], padding=w["pad"][:2], return_indices=True)
        y = F.max_unpool2d(x, indices, w["kernel"], w["stride"], padding=w["pad"][:2], output_size=w["in"][:2])
    elif kind == "upsample":
        mode = {"mode": "bilinear", "align_corners": False} if bilinear else {"mode": "nearest"}
        y = F.interpolate(x, scale_factor=[float(f) for f in factor], **mode)
        result["out"] = [w["in"][0] * factor[0], w["in"][1] * factor[1], w["in"][2]]
    grid = w["in"] if back else result["out"]
    assert list(y.shape) == [SAMPLES, grid[2], grid[0], grid[1]], (kind, w, y.shape)
    F.mse_loss(y, samples(2, grid)).backward()
    result.update({"y": last(y), "dx": last(x.grad)})
    result.update({name: listed(p.grad) for name, p in parameters.items()})
    return result


def cases():
    convolutions = [
        window((5, 4, 2), (3, 3), pad=(1, 1, 1, 1), out=3),
        window((6, 6, 1), (3, 3), (2, 2), pad=(1, 1, 1, 1), out=2),
        window((6, 6, 1), (3, 3), (2, 2), pad=(0, 0, 1, 1), out=2),
        window((7, 5, 2), (3, 3), (2, 2), pad=(1, 1, 1, 1), out=2),
        window((5, 7, 3), (1, 1), out=4),
        window((5, 7, 2), (1, 1), (2, 2), out=3),
        window((4, 6, 2), (2, 2), (2, 2), out=3),
        window((4, 4, 2), (2, 2), pad=(0, 0, 1, 1), out=2),
        window((6, 5, 1), (4, 3), pad=(1, 1, 2, 1), out=2),
        window((8, 7, 1), (3, 3), dilation=(2, 2), pad=(2, 2, 2, 2), out=2),
        window((9, 6, 1), (3, 2), (2, 1), dilation=(2, 3), pad=(2, 1, 1, 2), out=2),
        window((7, 7, 1), (3, 3), (3, 3), out=2),
        window((8, 8, 1), (2, 2), (3, 3), out=2),
        window((4, 4, 4), (3, 3), pad=(1, 1, 1, 1), groups=2, out=6),
        window((4, 5, 3), (3, 3), pad=(1, 1, 1, 1), groups=3, out=3),
        window((5, 4, 2), (3, 3), (2, 2), pad=(1, 1, 1, 1), groups=2, out=4),
        window((12, 1, 2), (5, 1), (2, 1), pad=(2, 0, 2, 0), out=3),
        window((10, 1, 4), (3, 1), dilation=(2, 1), pad=(2, 0, 2, 0), groups=2, out=4),
        window((5, 6, 2), (3, 5), (1, 2), pad=(1, 2, 1, 2), out=2),
    ]
    deconvolutions = convolutions[:4] + [convolutions[i] for i in (6, 7, 9, 10, 11, 13, 15, 16)]
    for i, w in enumerate(convolutions):
        yield case("conv", w, adjoint=i in (3, 13))
    for i, w in enumerate(deconvolutions):
        yield case("deconv", w, adjoint=i in (2, 3, 9))
    for w in [
        window((6, 4, 2), (2, 2), (2, 2)),
        window((5, 7, 2), (2, 2), (2, 2)),
        window((7, 7, 2), (3, 3), (2, 2), pad=(1, 1, 1, 1)),
        window((6, 5, 1), (3, 3)),
        window((6, 6, 1), (3, 2), (2, 2), pad=(0, 0, 1, 1)),
    ]:
        yield case("max_pool", w)
        yield case("avg_pool", w)
    yield case("max_pool", window((7, 6, 2), (2, 2), (1, 2), dilation=(2, 2)))
    yield case("avg_pool", window((4, 6, 3), (4, 6)))
    yield case("max_unpool", window((6, 4, 2), (2, 2), (2, 2)))
    yield case("max_unpool", window((5, 7, 2), (2, 2), (2, 2)))
    yield case("max_unpool", window((9, 6, 1), (3, 2), (3, 2)))
    for factor in [(2, 2), (3, 2)]:
        yield case("upsample", window((3, 4, 2), (1, 1)), factor=factor)
        yield case("upsample", window((3, 4, 2), (1, 1)), factor=factor, bilinear=True)


def main():
    path = pathlib.Path(__file__).parent / "spatial.json"
    path.write_text("[\n" + ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases()) + "\n]\n")


if __name__ == "__main__":
    main()
