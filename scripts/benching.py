"""What the scripts that measure share: a program run with its CPU, wall time and peak memory, and the machine it ran on."""
import json
import os
import platform
import subprocess
import sys
import tempfile
import time


def there(name, *places):
    """The folder a variable names, or the first of the places that is there."""
    for place in (os.environ.get(name), *places):
        if place and os.path.isdir(place):
            return os.path.abspath(place)
    return None


def once(words, cwd=None, well=(0,)):
    """Runs a program; gives its output, CPU seconds, wall seconds and peak memory, when it ends well."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        begin = time.perf_counter()
        child = subprocess.Popen(words, stdout=out, stderr=err, cwd=cwd, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"})
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.perf_counter() - begin
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        text, told = out.read().decode(), err.read().decode()
    if child.returncode not in well:
        print(f"  failed ({child.returncode}): {' '.join(words)}\n{told[-2000:]}", file=sys.stderr)
        return None
    return {"text": text, "cpu": usage.ru_utime + usage.ru_stime, "wall": wall, "peak": usage.ru_maxrss / 1024}


def call(words, runs=1, cwd=None, well=(0,)):
    """The run of least CPU; the spread of the others goes with it."""
    told = " ".join(os.path.basename(words[0]) if at == 0 else word for at, word in enumerate(words))
    print("  " + told.strip().splitlines()[0][:150], file=sys.stderr)
    ran = [one for one in (once(words, cwd, well) for _ in range(runs)) if one]
    if not ran:
        return None
    best = min(ran, key=lambda one: one["cpu"])
    best["cpu_most"] = max(one["cpu"] for one in ran)
    best["wall_least"] = min(one["wall"] for one in ran)
    return best


def answer(ran):
    """The JSON document that an output is, or the one in its last line."""
    try:
        return json.loads(ran["text"])
    except json.JSONDecodeError:
        return json.loads([line for line in ran["text"].splitlines() if line.startswith("{")][-1])


def cost(ran):
    if not ran:
        return "–"
    spread = f"–{ran['cpu_most']:.2f}" if ran["cpu_most"] - ran["cpu"] >= 0.005 else ""
    return f"{ran['cpu']:.2f}{spread} CPU s, {ran['wall_least']:.2f} s, {ran['peak']:.0f} MiB"


def times(theirs, ours):
    return f"{theirs / ours:.1f} ×" if theirs and ours else ""


def machine():
    try:
        with open("/proc/cpuinfo") as file:
            model = next((line.split(":")[1].strip() for line in file if line.startswith("model name")), "")
        with open("/proc/meminfo") as file:
            memory = int(next(line for line in file if line.startswith("MemTotal")).split()[1]) / 1024 / 1024
    except OSError:
        model, memory = "", 0
    return f"{os.cpu_count()} cores, {model or platform.machine()}, {memory:.0f} GiB, {platform.system()} {platform.release()}"
