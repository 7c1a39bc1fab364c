"""Measures the training steps of four experiments, in this program and in PyTorch and JAX, on one machine.

    VNCA_GPU=1 bench/gpu.sh --torch FILE/torch_step.py --jax FILE/jax_step.py --out results

Each measurement is a process of its own with a time limit. One that fails, or finds too little
memory, becomes a row that says so. OUT/results.jsonl has a line a measurement; what it has already
is not measured again, so a run that was cut off goes on where it was. OUT/table.md is the table.

vnca is measured with the memory policies store and recompute, each without and with XLA, PyTorch
(eager and compiled, in both memory formats) and JAX without and with --checkpoint, which are the same
two choices. The yardsticks have no pool, so these
rows have none either; where the descriptor has one, a further row of vnca ("+pool") is its own step,
with its pool and memory policy. The yardsticks know one channel and Bernoulli pixels: on faces they
do a little less than vnca. A row that did other work than vnca's all the same, by the programs' own
formulas for the FLOPs of a step (1 % is allowed, 5 % on faces), says so, and enters no conclusion.

Two columns are ratios, a row's seconds over those of a row of vnca without a pool, of the same
experiment, batch and precision: the one with the same memory policy and without XLA, and the fastest.
Lines under the table give the latter for the fastest yardstick and for PyTorch as the authors run it,
eager with --checkpoint. A share is a row's rate, by the program's own formula, over the rate of this
chip with matrices of the same precision, which `vnca bench` measures beside its step. Process MiB are
a process's largest resident set, vnca's up to the last timed step (`peakMemoryBytes`; where the system
does not tell that, the whole process, too), since it measures matrices and traces a step after it.
Device MiB are what tensors took at once; PyTorch counts the work space of single operations as well,
vnca does not.

TensorFlow's library has no machine code for the newest chips, whose driver compiles it when it is
first used, which can take minutes. So a step of each precision is run before anything is timed;
CUDA_CACHE_MAXSIZE keeps all of it for the processes after it. XLA needs a part of the CUDA toolkit
(nvvm/libdevice, bin/ptxas); where it is not at /usr/local/cuda, name it:
XLA_FLAGS=--xla_gpu_cuda_data_dir=DIR.

VNCA is the command that runs this program, such as "./unpack-and-run.sh run org.vnca.cli.Main" where
there is a Java runtime but no JDK; default: the launcher beside this directory. VNCA_PYTHON is the
Python that has PyTorch and JAX; default: python3. The yardsticks are not part of this project: their
paths come from --torch and --jax, or VNCA_TORCH_STEP and VNCA_JAX_STEP; without one of them its rows
are left out.
"""

import argparse
import json
import math
import os
import re
import sys
import time

import measure

# A descriptor that has a pool is measured with it in its own memory policy, too: "pool-with".
EXPERIMENTS = {
    "mnist-doubling": {
        "sizes": {"latent": 256, "hidden": 256, "blocks": True, "doublings": 4, "m": 8},
        "image": "32x32x1",
    },
    "mnist-damage": {
        "sizes": {"latent": 128, "hidden": 128, "blocks": False, "side": 32, "t": 48},
        "image": "32x32x1",
        "pool-with": "store",
    },
    "celeba-doubling": {
        "sizes": {"latent": 256, "hidden": 256, "blocks": True, "doublings": 5, "m": 8},
        "image": "64x64x3",
    },
    "celeba-damage": {
        "sizes": {"latent": 256, "hidden": 128, "blocks": True, "side": 32, "t": 96},
        "image": "32x32x3",
        "pool-with": "recompute",
    },
}
FILTERS = 32

# For a try on a CPU: the same graphs, narrow and short.
SMALL = {"latent": 16, "hidden": 8, "m": 1, "t": 2}
SMALL_FILTERS = 2

# JAX would take three quarters of the memory at its start.
# The driver compiles for new chips, and forgets what is beyond a quarter of a GiB or one, by version.
ENVIRONMENT = {"XLA_PYTHON_CLIENT_PREALLOCATE": "false", "TF_CPP_MIN_LOG_LEVEL": "2",
               "CUDA_CACHE_MAXSIZE": str(4 << 30)}

# What train.xla needs on a CPU.
XLA_ON_CPU = {"TF_XLA_FLAGS": "--tf_xla_cpu_global_jit"}

# How far the FLOPs of a yardstick's step may be from vnca's: faces have more channels and another likelihood.
SAME_WORK = {1: 0.01, 3: 0.05}

PRECISIONS = ("float32", "bfloat16")
KEEPS = ("store", "recompute")

TORCH = {"eager": [], "eager+channels-last": ["--channels-last"],
         "compile": ["--compile"], "compile+channels-last": ["--compile", "--channels-last"]}

# As the authors run it: each NCA step is recomputed in the backward pass.
AUTHORS = ("torch", "eager+checkpoint")


def arguments():
    parser = argparse.ArgumentParser(
        prog="bench/gpu.sh", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", default="bench-results", metavar="DIR", help="default: bench-results")
    parser.add_argument("--torch", metavar="FILE", help="torch_step.py")
    parser.add_argument("--jax", metavar="FILE", help="jax_step.py")
    parser.add_argument("--batch", type=measure.at_least(1), action="append", metavar="N", help="default: 32 and 128")
    parser.add_argument("--runs", type=measure.at_least(1), default=10, help="timed steps, of which the median counts; default: 10")
    parser.add_argument("--warm-up", type=measure.at_least(0), default=3, help="steps before them; default: 3")
    parser.add_argument("--timeout", type=float, default=300, help="seconds of a measurement; default: 300")
    parser.add_argument("--minutes", type=float, help="begin no further measurement after so many")
    parser.add_argument("--only", metavar="REGEX", help="measurements whose name has it, such as '^vnca.*mnist'")
    parser.add_argument("--again", action="store_true", help="measure again what failed before")
    parser.add_argument("--device", default="gpu", choices=["gpu", "cpu", "auto"], help="of vnca; default: gpu")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="for vnca")
    parser.add_argument("--small", action="store_true", help="narrow, short models: to try this script without a GPU")
    parser.add_argument("--dry-run", action="store_true", help="print the commands and run nothing")
    return parser.parse_args()


class Plan:
    """All measurements, as dicts of what `row` puts together."""

    def __init__(self, a):
        self.a = a
        self.batches = a.batch or [32, 128]
        self.torch = self.yardstick(a.torch, "VNCA_TORCH_STEP", "torch_step.py")
        self.jax = self.yardstick(a.jax, "VNCA_JAX_STEP", "jax_step.py")

    @staticmethod
    def yardstick(option, variable, what):
        if not option and not os.environ.get(variable):
            print(f"bench/gpu: without {what} (--{what[:-8]} or {variable}) its rows are left out", file=sys.stderr)
            return None
        return measure.script(option, variable, what)

    def all(self):
        """Experiment by experiment, so that rows that are compared are measured close together."""
        rows = []
        for name, experiment in EXPERIMENTS.items():
            for batch in self.batches:
                rows += self.of_vnca(name, experiment, batch)
                rows += self.of_torch(name, experiment, batch) if self.torch else []
                rows += self.of_jax(name, experiment, batch) if self.jax else []
        return [row for row in rows if not self.a.only or re.search(self.a.only, row["name"])]

    def of_vnca(self, name, experiment, batch):
        rows = []
        for precision in PRECISIONS:
            for keep in KEEPS:
                command = self.vnca_command(name, experiment, batch, precision, keep)
                rows.append(self.row("vnca", name, batch, precision, keep, keep, command))
                command = self.vnca_command(name, experiment, batch, precision, keep, xla=True)
                rows.append(self.row("vnca", name, batch, precision, keep, f"{keep}+xla", command,
                                     environment={**ENVIRONMENT, **(XLA_ON_CPU if self.a.device != "gpu" else {})}))
            if "pool-with" in experiment:
                keep = experiment["pool-with"]
                command = self.vnca_command(name, experiment, batch, precision, keep, pool=True)
                rows.append(self.row("vnca", name, batch, precision, keep, f"{keep}+pool", command, pool=True))
        return rows

    def of_torch(self, name, experiment, batch):
        rows = []
        for variant, options in TORCH.items():
            rows += self.of_step("torch", self.torch, name, experiment, batch, variant, options)
        return rows

    def of_jax(self, name, experiment, batch):
        return self.of_step("jax", self.jax, name, experiment, batch, "jit", [])

    def of_step(self, program, script, name, experiment, batch, variant, options):
        rows = []
        for precision in PRECISIONS:
            for keep in KEEPS:
                checkpoint = keep == "recompute"
                words = options + ["--bfloat16"] * (precision == "bfloat16") + ["--checkpoint"] * checkpoint
                rows.append(self.row(program, name, batch, precision, keep, variant + "+checkpoint" * checkpoint,
                                     self.step_command(script, experiment, batch, words)))
        return rows

    @staticmethod
    def row(program, experiment, batch, precision, keep, variant, command, pool=False, environment=ENVIRONMENT):
        return {"name": f"{program} {experiment} batch {batch} {precision} {variant}", "program": program,
                "experiment": experiment, "batch": batch, "precision": precision, "keep": keep,
                "variant": variant, "pool": pool, "command": command, "environment": environment}

    def sizes(self, experiment):
        sizes = dict(experiment["sizes"])
        if self.a.small:
            sizes.update({key: value for key, value in SMALL.items() if key in sizes})
        return sizes

    def vnca_command(self, name, experiment, batch, precision, keep, pool=False, xla=False):
        sets = [f"train.precision={precision}", f"train.memory={keep}", f"train.device={self.a.device}",
                "data.pad-to=0"]
        if self.a.small:
            sets += self.small_sets(self.sizes(experiment), batch)
        if "pool-with" in experiment:
            sets += self.pool_sets(batch, pool)
        if xla:
            sets.append("train.xla=true")
        sets += self.a.set
        return measure.vnca() + ["bench", os.path.join(measure.ROOT, "experiments", name + ".yaml"), "--json", "--quiet",
                                 "--image", experiment["image"], "--batch", str(batch), "--runs", str(self.a.runs),
                                 "--warm-up", str(self.a.warm_up), *[word for s in sets for word in ("--set", s)]]

    @staticmethod
    def small_sets(sizes, batch):
        sets = [f"model.latent={sizes['latent']}", f"model.encoder.filters={SMALL_FILTERS}",
                f"model.decoder.update.hidden={sizes['hidden']}", f"train.batch={batch}"]
        if "m" in sizes:
            return sets + [f"model.decoder.steps={sizes['m']}"]
        t = sizes["t"]
        return sets + [f"model.decoder.steps={{min: {t}, max: {t}, evaluation: {t}}}"]

    def pool_sets(self, batch, pool):
        if not pool:
            return ["train.pool.size=0"]
        return [f"train.pool.size={2 * batch}"] if self.a.small else []

    def step_command(self, script, experiment, batch, options):
        sizes = self.sizes(experiment)
        words = ["--latent", sizes["latent"], "--hidden", sizes["hidden"],
                 "--net", "residual" if sizes["blocks"] else "simple",
                 "--encoder-base", SMALL_FILTERS if self.a.small else FILTERS]
        if "doublings" in sizes:
            words += ["--decoder", "doubling", "--doublings", sizes["doublings"], "--steps-per-doubling", sizes["m"]]
        else:
            words += ["--decoder", "nondoubling", "--size", sizes["side"], "--steps", sizes["t"]]
        # vnca's first step is not among its warm-up steps.
        words += ["--batch", batch, "--runs", self.a.runs, "--warmup", self.a.warm_up + 1]
        return [measure.python(), measure.WITH_PEAK, script, *map(str, words), *options]


def measured(rows, a):
    """Measures what is not in the file yet; returns every row of the plan that has a result."""
    file = os.path.join(a.out, "results.jsonl")
    os.makedirs(a.out, exist_ok=True)
    done = known(rows, read(file))
    write_table(rows, done, a)
    vnca_runs = False
    primed = set()
    began = time.monotonic()
    for number, row in enumerate(rows, 1):
        if row["name"] in done and not (a.again and "error" in done[row["name"]]):
            continue
        if a.minutes is not None and time.monotonic() - began > 60 * a.minutes:
            print(f"bench/gpu: {a.minutes:g} minutes are over; the same command goes on from here", file=sys.stderr)
            break
        if row["program"] == "vnca" and not vnca_runs:
            measure.require_vnca()
            vnca_runs = True
        if row["program"] == "vnca" and row["precision"] not in primed:
            measure.run(primer(row["command"]), math.inf, row["environment"])
            primed.add(row["precision"])
        # What a script prints of its arguments must not hide what was asked for.
        result = {**measure.run(row["command"], a.timeout, row["environment"]), **row}
        done[row["name"]] = result
        measure.append(file, result)
        print(f"{number} of {len(rows)}: {row['name']}: "
              + (result.get("error") or f"{result['secondsPerStep']:.4g} s"), file=sys.stderr)
        write_table(rows, done, a)
    return done


def primer(command):
    """A measurement cut to its first step, in which the driver compiles what the chip lacks."""
    words = list(command)
    for option, value in (("--runs", "1"), ("--warm-up", "0")):
        words[words.index(option) + 1] = value
    return words


def known(rows, results):
    """The plan's results by name, the last of a name; another command or environment is another measurement."""
    plan = {row["name"]: row for row in rows}
    found = {}
    for result in results:
        row = plan.get(result.get("name"))
        if row and all(result.get(what) == row[what] for what in ("command", "environment")):
            found[row["name"]] = {**result, **row}
    return found


def read(file):
    """All results; a line that was cut off is none."""
    results = []
    if os.path.exists(file):
        with open(file, encoding="utf-8") as lines:
            for line in lines:
                try:
                    results.append(json.loads(line))
                except ValueError:
                    print(f"bench/gpu: left out a damaged line of {file}", file=sys.stderr)
    return results


def write_table(rows, done, a):
    text = table([done[row["name"]] for row in rows if row["name"] in done])
    with open(os.path.join(a.out, "table.md"), "w", encoding="utf-8") as out:
        out.write(text)


def table(results):
    """A markdown table with ratios and shares, and under it what the comparison comes to."""
    ours = [r for r in results if r["program"] == "vnca" and not r["pool"] and "error" not in r]
    same = {(task(r), r["keep"]): r for r in ours if r["variant"] in KEEPS}
    fastest = {}
    for r in ours:
        fastest[task(r)] = min(fastest.get(task(r), r), r, key=seconds)
    matmul = {p: max((r.get("matmulGflopsPerSecond", 0) for r in results if r["precision"] == p), default=0)
              for p in PRECISIONS}
    devices = sorted({f"{r['program']}: {r['device']}" for r in results if "device" in r})
    rates = ", ".join(f"{p} {rate / 1e3:,.1f} TFLOP/s" for p, rate in matmul.items() if rate)
    lines = [(", ".join(devices) or "Nothing measured") + (f". Matrices: {rates}." if rates else "."), "",
             "| experiment | batch | precision | program | s/step | TFLOP/s | share of matrices"
             " | device MiB | process MiB | s / vnca's of the same memory policy, without XLA"
             " | s / the fastest vnca's |",
             "|---|---|---|---|---|---|---|---|---|---|---|"]
    lines += ["| " + " | ".join(cells(r, same, fastest, matmul)) + " |" for r in results]
    under = conclusions(results, fastest)
    return "\n".join(lines + [""] * bool(under) + under) + "\n"


def task(r):
    return r["experiment"], r["batch"], r["precision"]


def seconds(r):
    return r["secondsPerStep"]


def ratio(r, reference):
    """Seconds over those of another row; none where that is missing."""
    return f"{seconds(r) / seconds(reference):.2f}" if reference else ""


def other_work(r, fastest):
    """Says that a row is not of the work of vnca's; empty if it is, or if there is none of vnca's."""
    ours = fastest.get(task(r))
    if "error" in r or r["program"] == "vnca" or not ours:
        return ""
    channels = int(EXPERIMENTS[r["experiment"]]["image"].rsplit("x", 1)[1])
    return measure.other_work(ours, r, SAME_WORK[channels])


def cells(r, same, fastest, matmul):
    other = other_work(r, fastest)
    first = [r["experiment"], str(r["batch"]), r["precision"],
             f"{r['program']} {r['variant']}" + f" (**{other}**)" * bool(other)]
    if "error" in r:
        return first + [r["error"].replace("|", "/")] + [""] * 6
    rate, top = r["gflopsPerSecond"], matmul[r["precision"]]
    peaks = r.get("peakDeviceMemoryBytes") or {}
    return first + [f"{seconds(r):.4g}", f"{rate / 1e3:.3g}", f"{100 * rate / top:.0f} %" if top else "",
                    measure.mebibytes(max(peaks.values(), default=None)), measure.mebibytes(measure.memory_bytes(r)),
                    ratio(r, same.get((task(r), r["keep"]))), ratio(r, fastest.get(task(r)))]


def conclusions(results, fastest):
    """A line for each experiment, batch and precision that both vnca and the authors' mode have done."""
    lines = []
    for (experiment, batch, precision), ours in fastest.items():
        yardsticks = [r for r in results if task(r) == task(ours) and r["program"] != "vnca"]
        failed = sum("error" in r for r in yardsticks)
        others = sum(bool(other_work(r, fastest)) for r in yardsticks)
        done = [r for r in yardsticks if "error" not in r and not other_work(r, fastest)]
        for authors in (r for r in done if (r["program"], r["variant"]) == AUTHORS):
            best = min(done, key=seconds)
            lines.append(
                f"- {experiment}, batch {batch}, {precision}: the fastest vnca, {ours['variant']}, takes"
                f" {seconds(ours):.4g} s; the fastest of {len(done)} yardsticks"
                + f" ({failed} more failed)" * bool(failed)
                + f" ({others} more did other work)" * bool(others) + f", {best['program']} {best['variant']}, {ratio(best, ours)} times that; the authors' mode,"
                f" {' '.join(AUTHORS)}, {ratio(authors, ours)} times.")
    return lines


def main():
    a = arguments()
    rows = Plan(a).all()
    if a.dry_run:
        for row in rows:
            print(f"# {row['name']}\n{measure.shell(row['command'], row['environment'])}")
        return
    results = measured(rows, a)
    print(table([results[row["name"]] for row in rows if row["name"] in results]), end="")


if __name__ == "__main__":
    measure.begin("bench/gpu", main)
