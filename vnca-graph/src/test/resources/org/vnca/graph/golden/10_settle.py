"""Golden vectors of a doubling decoder that settles, alone and with a pool: python3 settle.py OUT.h5 (PyTorch, float64, no code of the project)."""
import sys
import h5py
import numpy as np
import torch
import torch.nn.functional as F

torch.manual_seed(20)
D = torch.float64
K, M, S, Z, H, BLOCKS = 2, 2, 3, 5, 6, 1
SIDE = 2 << K


def weight(*shape):
    return (0.35 * torch.randn(*shape, dtype=D)).to(torch.float32).to(D)


def net(name):
    w = {name + ".perceive.weight": weight(H, Z, 3, 3), name + ".perceive.bias": weight(H)}
    for b in range(BLOCKS):
        for c in "ab":
            w[f"{name}.res{b}.{c}.weight"] = weight(H, H, 1, 1)
            w[f"{name}.res{b}.{c}.bias"] = weight(H)
    w[name + ".out.weight"] = weight(Z, H, 1, 1)
    w[name + ".out.bias"] = weight(Z)
    return w


def step(w, name, x):
    h = F.conv2d(x, w[name + ".perceive.weight"], w[name + ".perceive.bias"], padding=1)
    for b in range(BLOCKS):
        y = F.conv2d(h, w[f"{name}.res{b}.a.weight"], w[f"{name}.res{b}.a.bias"])
        h = h + F.conv2d(F.elu(y), w[f"{name}.res{b}.b.weight"], w[f"{name}.res{b}.b.bias"])
    return x + F.conv2d(h, w[name + ".out.weight"], w[name + ".out.bias"])


def grow(w, names, z):
    x = z[:, :, None, None].expand(-1, -1, 2, 2)
    for k in range(K + 1):
        if k:
            x = x.repeat_interleave(2, 2).repeat_interleave(2, 3)
        for _ in range(M):
            x = step(w, names[k], x)
    return x


def settle(w, name, x):
    for _ in range(S):
        x = step(w, name, x)
    return x


def error(x, image):
    return F.binary_cross_entropy_with_logits(x[:, :1], image, reduction="none").sum((1, 2, 3))


def case(out, name, per_scale, pool):
    names = [f"nca.scale{k}" for k in range(K + 1)] if per_scale else ["nca"] * (K + 1)
    w = {}
    for n in dict.fromkeys(names):
        w.update(net(n))
    z = weight(2, Z) * 2
    images = (torch.rand(4 if pool else 2, 1, SIDE, SIDE) < 0.4).to(D)
    for t in [*w.values(), z]:
        t.requires_grad_()
    grown = grow(w, names, z)
    group = out.create_group(name)
    inputs = {"z": z, "x": images}
    x = grown
    if pool:
        entries = weight(2, Z, SIDE, SIDE) * 3
        corner = [1, 3]
        side = 3
        damaged = entries.clone()
        damaged[0, :, corner[0]:corner[0] + side, corner[1]:corner[1] + side] = 0
        inputs["entries"] = entries
        group.attrs["square"] = np.array([*corner, side], "i4")
        x = torch.cat([grown, damaged])
    last = settle(w, names[K], x)
    per_image = error(last, images)
    loss = per_image.mean()
    grads = torch.autograd.grad(loss, [*w.values(), z])
    for key, value in {"K": K, "M": M, "S": S, "z_size": Z, "hidden": H, "blocks": BLOCKS}.items():
        group.attrs[key] = np.array([value], "i4")

    def put(folder, values, kind):
        for key, value in values.items():
            group.create_dataset(f"{folder}/{key}", data=value.detach().numpy().astype(kind))

    put("inputs", inputs, "f4")
    put("weights", w, "f4")
    put("expected", {"grown": grown, "states": last, "errors": per_image, "loss": loss[None]}, "f8")
    put("grads", dict(zip([*w, "z"], grads)), "f4")


with h5py.File(sys.argv[1], "w", libver="earliest") as out:
    case(out, "one_net", False, False)
    case(out, "net_per_scale", True, False)
    case(out, "pool", False, True)
    case(out, "pool_net_per_scale", True, True)
