#!/usr/bin/env python3
"""Loads the event files of a run with TensorBoard's own reader and compares them with its metrics.

    scripts/check-events.py RUN

Needs the Python package tensorboard. Prints what each directory of events has, and exits with
status 1 if a report in RUN/metrics.jsonl is not there with its step and value, or if an image does
not begin as a PNG does.
"""

import json
import math
import os
import sys

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

# Tag in the event files, and key in metrics.jsonl.
TRAINING = {
    "loss": "lossNats",
    "reconstruction": "reconstructionNats",
    "kl": "klNats",
    "bits_per_dim": "bitsPerDim",
    "iwae_bound": "iwaeBound",
    "gradient_norm": "gradientNorm",
    "images_per_second": "imagesPerSecond",
}
VALIDATION = {"bound": "validationNats"}
PNG = b"\x89PNG\r\n\x1a\n"


def loaded(directory):
    everything = {"scalars": 0, "images": 0, "tensors": 0}
    accumulator = EventAccumulator(directory, size_guidance=everything)
    accumulator.Reload()
    return accumulator


def points(accumulator, tag):
    """Step to value; scalars may be stored as such or as tensors."""
    tags = accumulator.Tags()
    if tag in tags["scalars"]:
        return {event.step: event.value for event in accumulator.Scalars(tag)}
    if tag in tags["tensors"]:
        from tensorboard.util import tensor_util

        return {
            event.step: float(tensor_util.make_ndarray(event.tensor_proto))
            for event in accumulator.Tensors(tag)
        }
    return {}


def compare(name, accumulator, lines, keys):
    faults = []
    for tag, key in keys.items():
        expected = {line["step"]: float(line[key]) for line in lines if key in line}
        found = points(accumulator, tag)
        print(f"{name}: {tag}: {len(found)} points, {len(expected)} in the metrics")
        for step, value in expected.items():
            same = step in found and (
                math.isclose(found[step], value, rel_tol=1e-5, abs_tol=1e-6)
                or (math.isnan(found[step]) and math.isnan(value))
            )
            if not same:
                faults.append(f"{name}: {tag} at step {step} is {found.get(step)}, not {value}")
        faults += [f"{name}: {tag} has a step {s} of its own" for s in found.keys() - expected.keys()]
    for tag in accumulator.Tags()["images"]:
        images = accumulator.Images(tag)
        sizes = {(image.width, image.height) for image in images}
        print(f"{name}: {tag}: {len(images)} images of {sorted(sizes)}")
        faults += [
            f"{name}: {tag} at step {image.step} is no PNG"
            for image in images
            if not image.encoded_image_string.startswith(PNG)
        ]
    return faults


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    run = sys.argv[1]
    with open(os.path.join(run, "metrics.jsonl"), encoding="utf-8") as file:
        lines = [json.loads(line) for line in file if line.endswith("\n")]
    faults = []
    for name, keys in (("train", TRAINING), ("validation", VALIDATION)):
        faults += compare(name, loaded(os.path.join(run, "events", name)), lines, keys)
    for fault in faults:
        print(fault, file=sys.stderr)
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
