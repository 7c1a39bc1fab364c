#!/usr/bin/env python3
"""Takes runs over into MLflow: settings, metrics of every step, evaluations.

    scripts/to-mlflow.py RUN...

Where to is said as MLflow has it: MLFLOW_TRACKING_URI, MLFLOW_EXPERIMENT_NAME. Needs the packages
mlflow and PyYAML.
"""

import json
import math
import pathlib
import sys

import mlflow
import yaml


def flat(settings, prefix=""):
    for key, value in settings.items():
        if isinstance(value, dict):
            yield from flat(value, prefix + key + ".")
        else:
            yield prefix + key, value


for run in map(pathlib.Path, sys.argv[1:]):
    with mlflow.start_run(run_name=run.name):
        for key, value in flat(yaml.safe_load((run / "experiment.yaml").read_text())):
            mlflow.log_param(key, value)
        for line in map(json.loads, (run / "metrics.jsonl").read_text().splitlines()):
            step = line.pop("step")
            mlflow.log_metrics({key: value for key, value in line.items() if isinstance(value, (int, float)) and math.isfinite(value)}, step=step)
        for file in sorted((run / "evaluation").glob("*.json")):
            mlflow.log_artifact(str(file), "evaluation")
            result = json.loads(file.read_text())
            if "nats" in result:
                mlflow.log_metric(f"{result['split']}Nats{result['samples']}", result["nats"], step=result["step"])
