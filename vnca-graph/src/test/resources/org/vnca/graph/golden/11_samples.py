"""Golden vectors of losses by several latent vectors of each image: python3 11_samples.py OUT.h5 (PyTorch, float64, no code of the project)."""
import sys
import h5py
import numpy as np
import torch
import torch.nn.functional as F
from torch.distributions import Normal

torch.manual_seed(15)
D = torch.float64
K, M, Z, H, BASE, KERNEL, IMAGES, SAMPLES = 3, 1, 5, 6, 2, 3, 4, 5
SIDE = 2 << K


def single(x):
    return x.to(torch.float32).to(D)


def weight(scale, *shape):
    return single(scale * torch.randn(*shape, dtype=D))


def weights():
    w = {}
    channels = [1] + [BASE << i for i in range(5)]
    for i in range(5):
        w[f"enc.conv{i}.weight"] = weight(0.4 / channels[i] ** 0.5, channels[i + 1], channels[i], KERNEL, KERNEL)
        w[f"enc.conv{i}.bias"] = weight(0.2, channels[i + 1])
    w["enc.linear.weight"] = weight(0.3 / channels[5] ** 0.5, 2 * Z, channels[5])
    w["enc.linear.bias"] = weight(0.4, 2 * Z)
    # Narrow posteriors, so that no sample of an image has nearly all of the weight.
    w["enc.linear.bias"][Z:] -= 3
    w["nca.perceive.weight"], w["nca.perceive.bias"] = weight(0.15, H, Z, 3, 3), weight(0.1, H)
    w["nca.res0.a.weight"], w["nca.res0.a.bias"] = weight(0.3, H, H, 1, 1), weight(0.1, H)
    w["nca.res0.b.weight"], w["nca.res0.b.bias"] = weight(0.3, H, H, 1, 1), weight(0.1, H)
    w["nca.out.weight"], w["nca.out.bias"] = weight(0.1, Z, H, 1, 1), weight(0.02, Z)
    return w


def encode(w, x):
    for i in range(5):
        x = F.elu(F.conv2d(x, w[f"enc.conv{i}.weight"], w[f"enc.conv{i}.bias"], stride=2 if i else 1, padding=KERNEL // 2))
    return F.linear(x.flatten(1), w["enc.linear.weight"], w["enc.linear.bias"])


def step(w, x):
    h = F.conv2d(x, w["nca.perceive.weight"], w["nca.perceive.bias"], padding=1)
    y = F.elu(F.conv2d(h, w["nca.res0.a.weight"], w["nca.res0.a.bias"]))
    h = h + F.conv2d(y, w["nca.res0.b.weight"], w["nca.res0.b.bias"])
    return x + F.conv2d(h, w["nca.out.weight"], w["nca.out.bias"])


def decode(w, z):
    x = z[:, :, None, None].expand(-1, -1, 2, 2)
    for k in range(K + 1):
        if k:
            x = x.repeat_interleave(2, 2).repeat_interleave(2, 3)
        for _ in range(M):
            x = step(w, x)
    return x[:, :1]


def values(w, x, eps, log_sigma, objective, beta):
    """One image at a time: no rows of several images, as the project has them."""
    losses, recons, kls, bounds, sampled = [], [], [], [], []
    for image, noise in zip(x, eps):
        mean, spread = encode(w, image[None])[0].split(Z)
        q = Normal(mean, torch.exp(spread if log_sigma else spread / 2))
        p = Normal(torch.zeros(Z, dtype=D), torch.ones(Z, dtype=D))
        z = q.loc + q.scale * noise
        logits = decode(w, z)
        log_x = -F.binary_cross_entropy_with_logits(logits, image.expand_as(logits), reduction="none").sum((1, 2, 3))
        ratio = p.log_prob(z).sum(1) - q.log_prob(z).sum(1)
        kl = torch.distributions.kl_divergence(q, p).sum()
        iwae = lambda weight: torch.log(torch.exp(log_x + weight * ratio).mean())
        losses.append(-iwae(beta) if objective == "iwae" else -log_x.mean() + beta * kl)
        recons.append(-log_x.mean())
        kls.append(kl)
        bounds.append(iwae(1))
        sampled.append((log_x + ratio).mean())
    return [torch.stack(v).mean() for v in (losses, recons, kls, bounds, sampled)]


def put(group, folder, tensors, kind):
    for key, value in tensors.items():
        group.create_dataset(f"{folder}/{key}", data=value.detach().numpy().astype(kind))


def case(out, name, common, k, objective, beta=1.0, log_sigma=False):
    w, x, eps = common
    loss, recon, kl, bound, sampled = values(w, x, eps[:, :k], log_sigma, objective, beta)
    grads = torch.autograd.grad(loss, list(w.values()))
    group = out.create_group(name)
    group.attrs["samples"] = np.array([k], "i4")
    group.attrs["beta"] = np.array([beta], "f8")
    group.attrs["objective"] = objective
    group.attrs["convention"] = "logsigma" if log_sigma else "logvar"
    expected = {"loss": loss, "recon": recon, "kl": kl, "iwae": bound, "sampled_elbo": sampled}
    put(group, "expected", {key: value[None] for key, value in expected.items()}, "f8")
    put(group, "grads", dict(zip(w, grads)), "f4")
    print(name, *(f"{key} {value.item():.6f}" for key, value in expected.items()))


with h5py.File(sys.argv[1], "w", libver="earliest") as out:
    w = weights()
    for t in w.values():
        t.requires_grad_()
    x = (torch.rand(IMAGES, 1, SIDE, SIDE) < 0.4).to(D)
    eps = single(torch.randn(IMAGES, SAMPLES, Z, dtype=D))
    group = out.create_group("common")
    for key, value in {"K": K, "M": M, "z_size": Z, "base_width": BASE, "kernel": KERNEL}.items():
        group.attrs[key] = np.array([value], "i4")
    put(group, "inputs", {"x": x, "eps": eps}, "f4")
    put(group, "weights", w, "f4")
    for objective in ("elbo", "iwae"):
        for k in (1, 3, 5):
            case(out, f"{objective}_k{k}", (w, x, eps), k, objective)
        case(out, f"{objective}_k3_beta", (w, x, eps), 3, objective, beta=0.5)
    case(out, "iwae_k5_logsigma", (w, x, eps), 5, "iwae", log_sigma=True)
