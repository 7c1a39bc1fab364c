"""What both scripts beside this share: one measurement is one process that prints a JSON object."""

import argparse
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
WITH_PEAK = os.path.join(ROOT, "bench", "with_peak.py")
OUT_OF_MEMORY = re.compile(r"(out of|allocate) memory|RESOURCE_EXHAUSTED|\bOOM\b", re.IGNORECASE)
# TensorFlow's RESOURCE_EXHAUSTED may be a full disk, and its hint speaks of memory in any case.
OTHER_THAN_MEMORY = re.compile(r"No space left on device|^Hint: ")
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
POLL_SECONDS = 0.05


class Unusable(Exception):
    """Something that was pointed to is not there; the message says what to do."""


def begin(name, main):
    """Runs a script. A signal that ends it ends the measurement under way as well, see `wait`."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, lambda which, _: sys.exit(128 + which))
    try:
        main()
    except Unusable as e:
        sys.exit(f"{name}: {e}")
    except KeyboardInterrupt:
        sys.exit(130)


def vnca():
    """The command that runs the program: VNCA, or the launcher of this checkout."""
    return shlex.split(os.environ.get("VNCA", os.path.join(ROOT, "vnca")))


def python():
    """The Python that has PyTorch or JAX: VNCA_PYTHON, or python3."""
    return os.environ.get("VNCA_PYTHON", "python3")


def script(option, variable, what):
    """Path of a yardstick: the option's, or that in the environment."""
    path = option or os.environ.get(variable)
    if not path:
        raise Unusable(f"{what} is not part of this project; say where it is: --{what.replace('_step.py', '')}"
                       f" FILE, or {variable}=FILE")
    if not os.path.isfile(path):
        raise Unusable(f"there is no {path}; say where {what} is: --{what.replace('_step.py', '')} FILE,"
                       f" or {variable}=FILE")
    return os.path.abspath(path)


def require_module(name):
    """Fails unless the chosen Python can import it."""
    try:
        subprocess.run([python(), "-c", f"import {name}"], check=True, capture_output=True)
    except FileNotFoundError as e:
        raise Unusable(f"there is no {python()}; set VNCA_PYTHON to a Python that has {name}") from e
    except subprocess.CalledProcessError as e:
        last = (e.stderr.decode(errors="replace").strip().splitlines() or ["no message"])[-1]
        raise Unusable(f"{python()} cannot import {name} ({last}); set VNCA_PYTHON to one that can") from e


def require_vnca():
    """Fails unless vnca runs.

    The launcher may have to build first, which takes minutes and memory of its own, so this has no
    time limit, and what is said on the way is passed on. Call it before the first measurement.
    """
    command = [*vnca(), "--version"]
    try:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                   text=True, errors="replace", start_new_session=True)
    except OSError as e:
        raise Unusable(f"{command[0]} cannot be started ({e.strerror}); set VNCA to a command that runs vnca") from e
    with process:
        try:
            last = passed_on(process.stdout)
        except BaseException:
            os.killpg(process.pid, signal.SIGTERM)  # Maven, too; the launcher clears up behind it
            raise
    if process.returncode != 0:
        raise Unusable(f"{shell(command)} ended with exit status {process.returncode}: {last}")


def passed_on(lines):
    """Prints lines as they come; returns the last one without its colours."""
    last = "it printed nothing"
    for line in lines:
        print(line, end="", file=sys.stderr, flush=True)
        last = COLOUR.sub("", line).strip() or last
    return last


def run(command, timeout, env=None):
    """Runs a command to its end.

    Returns a dict: what it printed as JSON (later objects over earlier ones), with `processBytes`,
    the largest resident set of the process; or `error`, one line.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        try:
            process = subprocess.Popen(command, stdout=out, stderr=err, stdin=subprocess.DEVNULL,
                                       start_new_session=True, env={**os.environ, **(env or {})})
        except OSError as e:
            return {"error": f"{command[0]} cannot be started: {e.strerror}"}
        status, usage = wait(process, timeout)
        words = [text(stream) for stream in (out, err)]
    if status is None:
        return {"error": f"timed out after {timeout:g} s"}
    found = {}
    for line in words[0].splitlines():
        if line.startswith("{"):
            try:
                found.update(json.loads(line))
            except ValueError:
                continue  # a line that only looks like an object
    if status != 0 or not found:
        return {"error": reason(status, words)}
    # Linux counts in KiB, macOS in bytes.
    found["processBytes"] = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return found


def wait(process, timeout):
    """Exit status and resource usage; a status of None if it had to be killed."""
    deadline = time.monotonic() + timeout
    try:
        while True:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                process.returncode = os.waitstatus_to_exitcode(status)
                return process.returncode, usage
            if time.monotonic() > deadline:
                end(process)
                return None, None
            time.sleep(POLL_SECONDS)
    except BaseException:
        end(process)
        raise


def end(process):
    """Kills the process with all that it started."""
    if process.returncode is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def text(stream):
    stream.seek(0)
    return stream.read().decode(errors="replace")


def reason(status, words):
    lines = [line.strip() for line in (words[1] + words[0]).splitlines() if line.strip()]
    if status == -signal.SIGKILL or any(OUT_OF_MEMORY.search(line) and not OTHER_THAN_MEMORY.search(line) for line in lines):
        return "out of memory"
    said = [line for line in lines if line.startswith("vnca: ") or re.match(r"\w*(Error|Exception)\b", line)]
    last = (said or lines or ["it printed nothing"])[-1]
    return f"exit status {status}: {last[:300]}"


def append(file, result):
    """Adds a result as a line of JSON, on a line of its own even if the last one was cut off."""
    with open(file, "ab+") as lines:
        if lines.seek(0, os.SEEK_END):
            lines.seek(-1, os.SEEK_END)
            if lines.read() != b"\n":
                lines.write(b"\n")
        lines.write(json.dumps(result).encode() + b"\n")


def require_writable(file):
    """Fails unless lines can be added to the file; it is made if it is not there."""
    try:
        with open(file, "ab"):
            pass
    except OSError as e:
        raise Unusable(f"{file} cannot be written: {e.strerror}") from e


def at_least(least, kind=int):
    """For argparse: a number that is not below another."""
    def number(word):
        found = kind(word)
        if not found >= least:
            raise argparse.ArgumentTypeError(f"must be at least {least}, but is {word}")
        return found
    number.__name__ = "number"  # argparse says so of what is none
    return number


def other_work(ours, theirs, tolerance):
    """Says that two measurements are not of the same work; empty if they are.

    Both programs tell by formula what a step takes (`modelFlopsPerStep`), from the sizes that they were
    given. Sizes that differ by mistake, such as one program's option without the other's, show there.
    """
    share = theirs["modelFlopsPerStep"] / ours["modelFlopsPerStep"]
    return "" if abs(share - 1) <= tolerance else f"not the same work: {share:.2f} of vnca's FLOPs"


def memory_bytes(result):
    """Largest resident set of the steps.

    `vnca bench` measures matrices and traces a step after the timed ones, so it says itself how large
    it was before; it does not where the system does not tell. Then, and for the yardsticks, which
    measure nothing else, it is the process's.
    """
    peak = result.get("peakMemoryBytes")
    return result["processBytes"] if peak is None else peak


def mebibytes(count):
    return "" if count is None else f"{count / 2 ** 20:,.0f}"


def shell(command, env=None):
    """A command as it can be typed, with the environment before it."""
    words = [f"{name}={shlex.quote(value)}" for name, value in (env or {}).items()]
    return " ".join([*words, *map(shlex.quote, command)])
