#!/usr/bin/env python3
"""Takes runs over into Weights & Biases: settings, metrics of every step, evaluations.

    scripts/to-wandb.py RUN...

Where to is said as W&B has it: WANDB_PROJECT, WANDB_MODE=offline for no server. Needs the packages
wandb and PyYAML.
"""

import itertools
import json
import pathlib
import sys

import wandb
import yaml

for run in map(pathlib.Path, sys.argv[1:]):
    settings = yaml.safe_load((run / "experiment.yaml").read_text())
    log = wandb.init(name=run.name, config=settings, reinit=True)
    lines = map(json.loads, (run / "metrics.jsonl").read_text().splitlines())
    # Training and validation may report the same step; W&B wants each step once.
    for step, group in itertools.groupby(lines, key=lambda line: line["step"]):
        figures = {key: value for line in group for key, value in line.items() if isinstance(value, (int, float))}
        log.log(figures, step=step)
    for file in sorted((run / "evaluation").glob("*.json")):
        result = json.loads(file.read_text())
        if "nats" in result:
            log.summary[f"{result['split']}Nats{result['samples']}"] = result["nats"]
    log.finish()
