#!/usr/bin/env python3
"""Trains the authors' program and this one side by side, and measures the authors' weights with both.

    bench/against-authors.py --authors CHECKOUT --data data/binarized-mnist.h5

CHECKOUT is a clone, with its history, of the program that Palm et al. published with the paper. Its
revisions 036578c (doubling) and 4b2dc09 (damage) are read from there into a temporary folder, with
smaller sizes put in; nothing of it is part of this project. The libraries that it only writes logs with
are replaced by empty ones. Both programs get the same images (the first --train of the data's train
split, the first --images of its test split), sizes, optimizer, clipping and number of steps; they do not
share random numbers, so their curves agree as those of two seeds do. Printed are the bounds of one sample
on the test images after every --every steps, and at the end the importance-weighted bound of the
authors' weights, computed by their functions and, after `vnca weights import`, by `vnca evaluate`.

VNCA_PYTHON is a Python that has PyTorch, h5py and numpy (default: python3), VNCA the command that
runs this program (default: the launcher beside this directory).
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile

import measure

REVISIONS = {"doubling": "036578c", "damage": "4b2dc09"}
FILES = {
    "doubling": ["vae-nca.py", "modules/model.py", "modules/nca.py", "modules/residual.py"],
    "damage": ["modules/vnca.py", "modules/model.py", "modules/nca.py", "modules/loss.py"],
}
LATENT = 16
HIDDEN = 32
FILTERS = 4
STEPS_A_DOUBLING = 2
LEAST_T, EVALUATION_T, MOST_T = 8, 12, 16
POOL = 256
DAMAGE = 14

OURS = {
    "doubling": ["model.decoder.steps=%d" % STEPS_A_DOUBLING, "train.clip-norm=10"],
    "damage": ["data.pad-to=0", "train.clip-norm=1", "model.decoder.update-probability=0.5",
               "model.decoder.steps={min: %d, max: %d, evaluation: %d}" % (LEAST_T, MOST_T, EVALUATION_T),
               "train.pool={size: %d, damage: %d, used: removed}" % (POOL, DAMAGE)],
}
EXPERIMENT = {"doubling": "mnist-doubling", "damage": "mnist-damage"}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--authors", metavar="DIR", help="a clone of the authors' program")
    parser.add_argument("--data", metavar="FILE.h5", help="binarized MNIST, as vnca data import makes it")
    parser.add_argument("--case", choices=["doubling", "damage", "both"], default="both")
    parser.add_argument("--steps", type=measure.at_least(1), default=300, help="training steps; default: 300")
    parser.add_argument("--every", type=measure.at_least(1), default=100, help="steps between two bounds; default: 100")
    parser.add_argument("--batch", type=measure.at_least(4), default=16, help="images of a step; default: 16")
    parser.add_argument("--rate", type=float, default=1e-3, help="learning rate; default: 1e-3")
    parser.add_argument("--train", type=measure.at_least(16), default=5000, help="training images; default: 5000")
    parser.add_argument("--images", type=measure.at_least(1), default=200, help="test images; default: 200")
    parser.add_argument("--samples", type=measure.at_least(1), default=16, help="importance samples; default: 16")
    parser.add_argument("--seed", type=int, default=1, help="of both programs; default: 1")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    return parser.parse_args()


def main():
    given = arguments()
    if given.child:
        return child(json.loads(given.child))
    if not given.authors or not given.data:
        raise measure.Unusable("--authors DIR and --data FILE.h5 are needed; --help says what they are")
    if not os.path.isfile(given.data):
        raise measure.Unusable(f"there is no {given.data}; make it with: vnca data import binarized-mnist DIR --out FILE.h5")
    for name in ("torch", "h5py", "numpy"):
        measure.require_module(name)
    measure.require_vnca()
    cases = ["doubling", "damage"] if given.case == "both" else [given.case]
    with tempfile.TemporaryDirectory(prefix="against-authors") as folder:
        for case in cases:
            compare(case, given, folder)


def compare(case, given, folder):
    theirs = os.path.join(folder, case)
    exported(given.authors, case, theirs)
    data = os.path.join(folder, "digits.h5")
    words = {"case": case, "folder": theirs, "data": os.path.abspath(given.data), "reduced": data,
             "steps": given.steps, "every": given.every, "batch": given.batch, "rate": given.rate,
             "train": given.train, "images": given.images, "samples": given.samples, "seed": given.seed,
             "weights": os.path.join(theirs, "weights.safetensors")}
    done = subprocess.run([measure.python(), os.path.abspath(__file__), "--child", json.dumps(words)],
                          cwd=theirs, stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise measure.Unusable(f"the authors' program ended with exit status {done.returncode}; what it said is above")
    authors = json.loads(done.stdout.strip().splitlines()[-1])
    run = os.path.join(folder, case + "-run")
    settings = ["name=" + case, f"data.file={data}", "data.train=[train]",
                f"seed={given.seed}", f"model.latent={LATENT}", f"model.encoder.filters={FILTERS}",
                f"model.decoder.update.hidden={HIDDEN}", "model.posterior=log-sigma",
                f"train.steps={given.steps}", f"train.batch={given.batch}",
                f"train.optimizer.learning-rate={given.rate}",
                f"train.validation={{every: {given.every}, images: 0, samples: 1}}",
                f"train.report.every={given.every}", f"train.checkpoint.every={given.steps}",
                "train.images.every=0", f"evaluation.samples={given.samples}", "evaluation.images=0",
                "evaluation.split=test", "evaluation.after-training=false", *OURS[case]]
    experiment = os.path.join(measure.ROOT, "experiments", EXPERIMENT[case] + ".yaml")
    sets = [word for setting in settings for word in ("--set", setting)]
    vnca("train", experiment, *sets, "--run", run)
    curve = {}
    with open(os.path.join(run, "metrics.jsonl"), encoding="utf-8") as lines:
        for line in map(json.loads, lines):
            if "validationNats" in line:
                curve[line["step"]] = line["validationNats"]
    imported = os.path.join(folder, case + "-imported")
    vnca("weights", "import", experiment, words["weights"], *sets, "--run", imported)
    ours = json.loads(vnca("evaluate", imported, "--checkpoint", "latest", "--json"))
    print(f"{case}: latent {LATENT}, hidden {HIDDEN}, batch {given.batch}, learning rate {given.rate:g},"
          f" {given.images} test images, nats per image")
    print("  step   the authors' program   this program")
    for step, nats in authors["curve"]:
        print(f"  {step:5d}   {nats:20.2f}   {curve.get(step, float('nan')):12.2f}")
    print(f"  the authors' weights, n = {given.samples}: {authors['bound']:.2f} by their functions,"
          f" {ours['nats']:.2f} (standard error of the images {ours['natsStandardError']:.2f}) by vnca evaluate")
    sys.stdout.flush()


def vnca(*words):
    done = subprocess.run([*measure.vnca(), *words, "--quiet"], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True, errors="replace")
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise measure.Unusable(f"vnca {words[0]} ended with exit status {done.returncode}: {last}")
    return done.stdout


def exported(clone, case, folder):
    """Writes the revision's files, reduced, into a folder."""
    for file in FILES[case]:
        done = subprocess.run(["git", "-C", clone, "show", f"{REVISIONS[case]}:{file}"], capture_output=True, text=True)
        if done.returncode != 0:
            raise measure.Unusable(f"{clone} has no {file} at {REVISIONS[case]}; clone the program with its history")
        source = done.stdout
        if file == "vae-nca.py":
            for pattern, by in [(r"self\.z_size = 256", f"self.z_size = {LATENT}"),
                                (r"self\.nca_hid = 256", f"self.nca_hid = {HIDDEN}"),
                                (r"self\.encoder_hid = 32", f"self.encoder_hid = {FILTERS}"),
                                (r"batch_size = 32", "batch_size = BATCH"),
                                (r"lr=1e-4", "lr=RATE"),
                                (r" - 1, 8, 1\.0\)", f" - 1, {STEPS_A_DOUBLING}, 1.0)")]:
                source = once(pattern, by, source, file)
        elif file == "modules/vnca.py":
            for pattern, by in [(r"self\.pool_size = 1024", f"self.pool_size = {POOL}"),
                                (r"NCA\(update_net, 32, 64, 0\.5\)", f"NCA(update_net, {LEAST_T}, {MOST_T}, 0.5)"),
                                (r"lr=1e-4", "lr=RATE")]:
                source = once(pattern, by, source, file)
        path = os.path.join(folder, file.replace("-", "_"))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as out:
            out.write(source)


def once(pattern, by, source, file):
    changed, count = re.subn(pattern, by, source)
    if count != 1:
        raise measure.Unusable(f"{file} is not as expected: {pattern} stands in it {count} times")
    return changed


# What follows runs in a process of its own, with PyTorch, in the folder of the authors' files.


def child(words):
    import builtins
    import random
    import types
    import warnings

    import h5py
    import numpy
    import torch

    builtins.BATCH, builtins.RATE = words["batch"], words["rate"]
    random.seed(words["seed"])
    torch.manual_seed(words["seed"])
    reduced(words, h5py)
    with h5py.File(words["reduced"], "r") as file:
        splits = {name: torch.from_numpy(numpy.asarray(file[name]["images"], dtype=numpy.float32)).permute(0, 3, 1, 2)
                  for name in ("train", "test")}
        if float(splits["train"].max()) > 1:
            splits = {name: images / 255 for name, images in splits.items()}
    pad = 2 if words["case"] == "doubling" else 0
    splits = {name: torch.nn.functional.pad(images, [pad] * 4) for name, images in splits.items()}

    def stand_in(name, **members):
        module = types.ModuleType(name)
        module.__dict__.update(members)
        sys.modules[name] = module

    class Silent:
        def __init__(self, *words, **more):
            pass

        def __getattr__(self, name):
            return lambda *words, **more: None

    class Digits(torch.utils.data.Dataset):
        def __init__(self, folder, split):
            # They train on train and val together; here train is all there is, but for an image again.
            self.samples = splits["train"][:1] if split == "val" else splits[split]

        def __getitem__(self, index):
            return self.samples[index], 0

        def __len__(self):
            return len(self.samples)

    class Endless(torch.utils.data.IterableDataset):
        def __init__(self, delegate):
            self.delegate = delegate

        def __iter__(self):
            while True:
                for index in random.sample(range(len(self.delegate)), len(self.delegate)):
                    # A copy: the damage revision writes pool images into its batch.
                    yield self.delegate[index][0].clone(), 0

    class ShapeGuard:
        reset = staticmethod(lambda: None)

    torch.Tensor.sg = lambda self, *shape: self
    torch.distributions.Distribution.sg = lambda self, *shape: self
    stand_in("shapeguard", ShapeGuard=ShapeGuard)
    stand_in("tqdm", tqdm=lambda values: values)
    stand_in("torch.utils.tensorboard", SummaryWriter=Silent)
    stand_in("torch.utils.tensorboard._utils", make_grid=None)
    stand_in("PIL", Image=None)
    stand_in("util", get_writers=lambda name: (Silent(), Silent()))
    stand_in("train", train=None)
    stand_in("data", __path__=[])
    stand_in("data.mnist", StaticMNIST=Digits)
    stand_in("iterable_dataset_wrapper", IterableWrapper=Endless)
    stand_in("modules.iterable_dataset_wrapper", IterableWrapper=Endless)
    sys.path.insert(0, words["folder"])
    printed, sys.stdout = sys.stdout, open(os.devnull, "w", encoding="utf-8")  # they print their nets
    warnings.simplefilter("ignore")  # of their checkpointing, where nothing is trained
    model = doubling(torch) if words["case"] == "doubling" else damage(torch, words, Digits)
    model.report = lambda *words: None
    curve = []
    for step in range(1, words["steps"] + 1):
        model.train_batch()
        if step % words["every"] == 0 or step == words["steps"]:
            curve.append((step, bound(model, splits["test"], 1, words["case"], torch)))
    found = {"curve": curve, "bound": bound(model, splits["test"], words["samples"], words["case"], torch)}
    write(words["weights"], {name: value.detach().cpu().numpy() for name, value in model.state_dict().items()}, numpy)
    sys.stdout = printed
    print(json.dumps(found))


def doubling(torch):
    import vae_nca

    return vae_nca.VAENCA()


def damage(torch, words, digits):
    from modules.vnca import VNCA

    nn = torch.nn
    widths = [FILTERS * 2**i for i in range(5)]
    layers = [nn.Conv2d(1, widths[0], 5, padding=4), nn.ELU()]
    for before, after in zip(widths, widths[1:]):
        layers += [nn.Conv2d(before, after, 5, padding=2, stride=2), nn.ELU()]
    encoder = nn.Sequential(*layers, nn.Flatten(), nn.Linear(widths[4] * 2 * 2, 2 * LATENT))
    net = nn.Sequential(nn.Conv2d(LATENT, HIDDEN, 3, padding=1), nn.ELU(), nn.Conv2d(HIDDEN, LATENT, 1, bias=False))
    net[-1].weight.data.fill_(0.0)
    train, test = digits(None, "train"), digits(None, "test")
    dist = lambda state: torch.distributions.Bernoulli(logits=state[:, :1])
    return VNCA(28, 28, 1, LATENT, encoder, net, train, test, test, dist, words["batch"], DAMAGE)


def bound(model, images, samples, case, torch):
    """The mean over the images of the bound of so many samples, by the authors' own forward pass."""
    model.train(False)
    if case == "damage":
        from modules.loss import iwae as loss

        least, most = model.nca.min_steps, model.nca.max_steps
        model.nca.min_steps = model.nca.max_steps = EVALUATION_T
    else:
        loss = model.iwae_loss_fn
    total = 0.0
    with torch.no_grad():
        for i in range(0, len(images), 20):
            batch = images[i : i + 20].clone()
            total -= float(model.forward(batch, samples, loss)[0].mean()) * len(batch)
    if case == "damage":
        model.nca.min_steps, model.nca.max_steps = least, most
    return total / len(images)


def reduced(words, h5py):
    """A dataset of the first images, as both programs get them."""
    if os.path.exists(words["reduced"]):
        return
    with h5py.File(words["data"], "r") as source, h5py.File(words["reduced"], "w") as out:
        for name, value in source.attrs.items():
            out.attrs[name] = value
        # The test images twice: the authors choose checkpoints by them, and measure them as well.
        for name, split, count in (("train", "train", words["train"]), ("valid", "test", words["images"]),
                                   ("test", "test", words["images"])):
            group = out.create_group(name)
            images = source[split]["images"]
            copied = group.create_dataset("images", data=images[:count])
            for key, value in source[split].attrs.items():
                group.attrs[key] = value
            for key, value in images.attrs.items():
                copied.attrs[key] = value


def write(path, tensors, numpy):
    """Writes float32 tensors as safetensors."""
    header, parts, place = {}, [], 0
    for name, value in tensors.items():
        content = numpy.ascontiguousarray(value, dtype="<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(value.shape), "data_offsets": [place, place + len(content)]}
        place += len(content)
        parts.append(content)
    words = json.dumps(header).encode()
    words += b" " * (-len(words) % 8)
    with open(path, "wb") as out:
        out.write(len(words).to_bytes(8, "little") + words + b"".join(parts))


if __name__ == "__main__":
    measure.begin("against-authors", main)
