#!/usr/bin/env bash
#
# gpu.sh: one command that measures the training steps on a GPU and prints one table; see gpu.py.
#
#   VNCA_GPU=1 bench/gpu.sh --torch FILE/torch_step.py --jax FILE/jax_step.py --out results
#
# Needs Python 3.9 or later; bench/gpu.sh --help tells the rest.

exec "${VNCA_PYTHON:-python3}" "$(dirname "${BASH_SOURCE[0]}")/gpu.py" "$@"
