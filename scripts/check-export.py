#!/usr/bin/env python3
"""Calls every signature of an exported model with TensorFlow for Python and checks what comes back.

    scripts/check-export.py DIR [TABLE.csv DATA.h5]

DIR is what "./vnca export RUN --out DIR" wrote. TABLE.csv is the table of images that
"./vnca evaluate RUN" wrote for the same checkpoint to RUN/evaluation, DATA.h5 the run's dataset: with
them, the KL of each image is computed from the posterior that "encode" gives, and compared.

Needs the Python package tensorflow, and h5py for a table. Exits with status 1 if something differs.
"""

import json
import sys

import numpy as np
import tensorflow as tf

# Between two builds of TensorFlow, of numbers up to some hundreds.
CLOSE = 1e-3


def require(holds, what):
    if not holds:
        sys.exit("check-export: " + what)


def check_signatures(model):
    call = model.signatures
    dreams = call["sample"](numbers=tf.constant([0, 1, 2, 3], tf.int64))
    alone = call["sample"](numbers=tf.constant([2], tf.int64))
    require(
        np.abs(dreams["latents"][2] - alone["latents"][0]).max() < CLOSE,
        "sample: dream 2 depends on which others are drawn",
    )
    decoded = call["decode"](latents=dreams["latents"])
    mean = decoded["mean"].numpy()
    require(mean.shape == dreams["images"].shape, "decode and sample differ in shape")
    require(mean.min() >= 0 and mean.max() <= 1, "decode: a mean is not within 0 and 1")
    print("sample, decode: images of", mean.shape[1:], "from", dreams["latents"].shape[1], "latents")
    if "grow" in call:
        steps = [
            call["grow"](latents=dreams["latents"], steps=tf.constant(t))["mean"] for t in range(70)
        ]
        same = [t for t, grown in enumerate(steps) if np.abs(grown - mean).max() < CLOSE]
        require(same, "grow: no number of steps below 70 gives what decode does")
        print("grow: as decode at T =", same[0] if len(same) == 1 else same)
    wrong = tf.zeros([1, dreams["latents"].shape[1] + 1])
    try:
        call["decode"](latents=wrong)
    except tf.errors.InvalidArgumentError:
        print("decode: refuses latents of another width")
    else:
        sys.exit("check-export: decode takes latents of another width")


def check_table(model, table, data):
    import h5py

    with open(table, encoding="utf-8") as lines:
        header = json.loads(next(lines).removeprefix("# "))
        names = next(lines).strip().split(",")
        rows = [dict(zip(names, line.split(","))) for line in lines]
    numbers = [int(row["image"]) for row in rows]
    kl = np.array([float(row["klNats"]) for row in rows])
    with h5py.File(data) as file:
        images = file[header["split"]]["images"][:][numbers]
    posterior = model.signatures["encode"](images=tf.constant(images))
    mean, sigma = posterior["mean"].numpy(), posterior["sigma"].numpy()
    found = 0.5 * np.sum(mean**2 + sigma**2 - 1 - 2 * np.log(sigma), axis=1)
    far = float(np.abs(found - kl).max())
    print("encode: KL of", len(rows), "images", found.mean(), "nats; farthest from the table", far)
    require(far < CLOSE * max(1, kl.max()), "encode: the KL is not the table's")


def main(words):
    if len(words) not in (1, 3):
        sys.exit(__doc__.strip())
    model = tf.saved_model.load(words[0])
    check_signatures(model)
    if len(words) == 3:
        check_table(model, words[1], words[2])


if __name__ == "__main__":
    main(sys.argv[1:])
