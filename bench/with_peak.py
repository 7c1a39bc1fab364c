"""Runs a Python script as if it were called itself, then prints what the GPU's allocator had given out at most.

    python3 with_peak.py SCRIPT [ARGUMENT]...

The last line is a JSON object with `peakDeviceMemoryBytes` by device, as `vnca bench --json` has it:
empty where PyTorch or JAX worked on a CPU.
"""

import json
import os
import runpy
import sys


def peaks():
    found = {}
    torch, jax = sys.modules.get("torch"), sys.modules.get("jax")
    if torch and torch.cuda.is_available():
        for i in range(torch.cuda.device_count()):
            found[f"GPU:{i}"] = torch.cuda.max_memory_allocated(i)
    elif jax:
        for device in jax.local_devices():
            peak = (device.memory_stats() or {}).get("peak_bytes_in_use")
            if device.platform == "gpu" and peak is not None:
                found[f"GPU:{device.id}"] = peak
    return found


if __name__ == "__main__":
    sys.argv = sys.argv[1:]
    sys.path[0] = os.path.dirname(os.path.abspath(sys.argv[0]))
    runpy.run_path(sys.argv[0], run_name="__main__")
    print(json.dumps({"peakDeviceMemoryBytes": peaks()}))
