#!/usr/bin/env python3
"""Times the training step against PyTorch's, pair by pair, so that both meet the same machine.

    bench/against-torch.py --torch FILE/torch_step.py --batch 32

A pair is one process of `vnca bench` and one of torch_step.py, one after the other, who goes first
changing from pair to pair. Printed are the median of the pairs' ratios with the least and the most,
and both processes' largest resident sets: PyTorch's whole process, ours up to the last timed step,
since `vnca bench` measures matrices and traces a step after it (`peakMemoryBytes`; where the system
does not tell that, the whole process, too). With --out the measurements go to a file of JSON lines.
A row whose programs did not do the same work, by their own formulas for the FLOPs of a step, says so:
its ratio is of two different things. The exit status is 1 if every row failed.

torch_step.py, the same model in PyTorch, is not part of this project: its path comes from --torch or
VNCA_TORCH_STEP. VNCA_PYTHON is the Python that has PyTorch (default: python3), VNCA the command
that runs this program (default: the launcher beside this directory). Run it on an idle machine.
"""

import argparse
import os
import statistics
import sys

import measure

VARIANTS = {"default": [], "channels-last": ["--channels-last"], "checkpoint": ["--checkpoint"]}

# The decoder's sizes as words for either program.
CASES = {
    "doubling": {
        "what": "doubling, K 4, M 8, 256/256",
        "experiment": "mnist-doubling",
        "set": [],
        "torch": ["--decoder", "doubling", "--doublings", "4", "--steps-per-doubling", "8",
                  "--latent", "256", "--hidden", "256", "--net", "residual"],
    },
    "non-doubling": {
        "what": "non-doubling, 32 x 32, 128/128, simple, T 48",
        "experiment": "mnist-damage",
        "set": ["train.pool.size=0"],
        "torch": ["--decoder", "nondoubling", "--size", "32", "--steps", "48",
                  "--latent", "128", "--hidden", "128", "--net", "simple"],
    },
}


# How far the FLOPs of a step may be from each other.
SAME_WORK = 0.01


class Failed(Exception):
    """A measurement that came to nothing."""


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--torch", metavar="FILE", help="torch_step.py; or set VNCA_TORCH_STEP")
    parser.add_argument("--batch", type=measure.at_least(1), default=4, help="images of a step; default: 4")
    parser.add_argument("--pairs", type=measure.at_least(1), default=5, help="pairs of processes; default: 5")
    parser.add_argument("--runs", type=measure.at_least(1), default=3, help="timed steps of a process, of which the median counts; default: 3")
    parser.add_argument("--warm-up", type=measure.at_least(0), default=1, help="steps before them; default: 1")
    parser.add_argument("--case", action="append", choices=CASES, help="default: both")
    parser.add_argument("--variant", action="append", choices=VARIANTS, help="default: all three")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE",
                        help="for vnca, such as train.memory=recompute")
    parser.add_argument("--torch-option", action="append", default=[], metavar="WORD",
                        help="for torch_step.py, such as --torch-option=--hidden=32")
    parser.add_argument("--timeout", type=float, default=3600, help="seconds of a process; default: 3600")
    parser.add_argument("--out", metavar="FILE.jsonl", help="append every measurement to it")
    return parser.parse_args()


def vnca_command(case, a):
    sets = case["set"] + a.set
    return measure.vnca() + ["bench", os.path.join(measure.ROOT, "experiments", case["experiment"] + ".yaml"),
                             "--json", "--quiet", "--batch", str(a.batch), "--runs", str(a.runs), "--warm-up", str(a.warm_up),
                             *[word for s in sets for word in ("--set", s)]]


def torch_command(script, case, variant, a):
    # vnca's first step is not among its warm-up steps.
    return [measure.python(), script, *case["torch"], *VARIANTS[variant], "--batch", str(a.batch),
            "--runs", str(a.runs), "--warmup", str(a.warm_up + 1), *a.torch_option]


def pair(number, commands, a):
    """Both programs' measurements, in the order of the commands' names."""
    found = {}
    for program in sorted(commands, reverse=number % 2 == 0):
        result = measure.run(commands[program], a.timeout)
        if "error" in result:
            raise Failed(f"{program}: {result['error']}; the command was: {measure.shell(commands[program])}")
        found[program] = result
    return found


def compare(name, variant, script, a):
    case = CASES[name]
    commands = {"vnca": vnca_command(case, a), "torch": torch_command(script, case, variant, a)}
    pairs = []
    for number in range(a.pairs):
        found = pair(number, commands, a)
        pairs.append(found)
        print(f"{name}, {variant}, pair {number + 1} of {a.pairs}: vnca {found['vnca']['secondsPerStep']:.4g} s,"
              f" torch {found['torch']['secondsPerStep']:.4g} s", file=sys.stderr)
        if a.out:
            measure.append(a.out, {"case": name, "variant": variant, "pair": number, **found})
    return row(name, variant, pairs, a)


def row(name, variant, pairs, a):
    ratios = [p["torch"]["secondsPerStep"] / p["vnca"]["secondsPerStep"] for p in pairs]
    median = lambda program, key: statistics.median(p[program][key] for p in pairs)
    ours, theirs = (max(measure.memory_bytes(p[program]) for p in pairs) for program in ("vnca", "torch"))
    other = measure.other_work(pairs[0]["vnca"], pairs[0]["torch"], SAME_WORK)
    what = CASES[name]["what"] + f", batch {a.batch}"
    return [what + f" (**{other}**)" * bool(other), variant, f"{median('vnca', 'secondsPerStep'):.4g}",
            f"{median('torch', 'secondsPerStep'):.4g}",
            f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})",
            measure.mebibytes(ours), measure.mebibytes(theirs), f"{theirs / ours:.2f}"]


def main():
    a = arguments()
    script = measure.script(a.torch, "VNCA_TORCH_STEP", "torch_step.py")
    if a.out:
        measure.require_writable(a.out)
    measure.require_module("torch")
    measure.require_vnca()
    print(f"| decoder | torch | vnca s/step | torch s/step | torch / vnca, {a.pairs} pairs: median (least to most)"
          " | vnca MiB | torch MiB | torch / vnca |")
    print("|---|---|---|---|---|---|---|---|", flush=True)
    rows = failed = 0
    for name in a.case or CASES:
        for variant in a.variant or VARIANTS:
            try:
                rows += 1
                cells = compare(name, variant, script, a)
            except Failed as e:
                failed += 1
                cells = [CASES[name]["what"], variant, str(e)]
            print("| " + " | ".join(cells) + " |", flush=True)
    if failed == rows:
        raise measure.Unusable("every row failed; the rows say why")


if __name__ == "__main__":
    measure.begin("against-torch", main)
