"""Runs the programs and prints one table; see `run` beside it. Standard library only."""

import os
import re
import subprocess
import sys
import tempfile
import time

BATCH = 200  # files a call, for programs that take names: a command line has a largest size


def version(program):
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return None
    text = (said.stdout + said.stderr).strip().splitlines()
    return re.sub(r"\s+", " ", text[0]) if said.returncode == 0 and text else None


def measured(commands):
    """Wall seconds, CPU seconds and the largest resident set (kB) of running all the commands one after another."""
    wall, cpu, most = 0.0, 0.0, 0
    with open(os.devnull, "wb") as nowhere:
        for command in commands:
            start = time.perf_counter()
            process = subprocess.Popen(command, stdout=nowhere, stderr=nowhere, stdin=subprocess.DEVNULL)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            wall += time.perf_counter() - start
            cpu += usage.ru_utime + usage.ru_stime
            most = max(most, usage.ru_maxrss)
            if process.returncode not in (0, 1, 2):
                print(f"note: {command[0]} ended with {process.returncode}", file=sys.stderr)
    return wall, cpu, most


def memory(command):
    """Largest resident set in kB, as GNU time sees it; what wait4 says here is never less than this interpreter's own. None without it."""
    if not os.path.exists("/usr/bin/time"):
        return None
    with tempfile.NamedTemporaryFile("r") as said:
        subprocess.run(["/usr/bin/time", "-f", "%M", "-o", said.name, *command], capture_output=True, stdin=subprocess.DEVNULL)
        numbers = [line for line in said.read().split() if line.isdigit()]
    return int(numbers[-1]) if numbers else None


def best(runs, commands):
    rounds = [measured(commands) for _ in range(runs)]
    return tuple(min(values) for values in zip(*rounds))


def batches(head, files):
    return [head + files[at:at + BATCH] for at in range(0, len(files), BATCH)]


def main():
    folder, runs, jettison, hadolint, tally = sys.argv[1], int(sys.argv[2]), *sys.argv[3:6]
    files = sorted(os.path.join(at, name) for at, _, names in os.walk(folder) for name in names)
    files = [path for path in files if os.path.isfile(path)]
    if not files:
        sys.exit(f"no files in {folder}")
    programs = [
        ("jettison", jettison, ["check", "--no-config", "--format", "json", "--"]),
        ("jettison as hadolint", jettison, ["check", "--no-config", "--profile", "hadolint", "--format", "json", "--"]),
        ("hadolint", hadolint, ["--no-color", "--format", "json"]),
        ("tally", tally, ["lint", "--format", "json"]),
    ]
    single = os.path.join(tempfile.mkdtemp(), "Dockerfile")
    with open(single, "w") as out:
        out.write("FROM debian:bookworm\nRUN apt-get update && apt-get install -y curl\nCOPY . /app\nCMD node /app/server.js\n")
    cores = os.cpu_count()
    if not os.path.exists("/usr/bin/time"):
        print("without GNU time (/usr/bin/time) memory below that of this interpreter cannot be seen\n")
    print(f"{len(files)} files, {sum(map(os.path.getsize, files)) / 1e6:.1f} MB, {cores} cores, best of {runs}\n")
    rows = []
    for name, program, head in programs:
        known = version(program)
        if known is None:
            print(f"{name}: not available here")
            continue
        print(f"{name}: {known}")
        wall, cpu, most = best(runs, batches([program, *head], files))
        cold = best(max(runs, 10), [[program, *head, single]])
        resident = memory([program, *head, single]) or cold[2]
        rows.append((name, cpu / len(files) * 1e3, wall, most / 1e3, cold[0] * 1e3, cold[1] * 1e3, resident / 1e3))
    print("\n| program | CPU a file, ms | wall, s | most memory, MB | one file: wall, ms | CPU, ms | memory, MB |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for name, cpu, wall, most, *cold in rows:
        print(f"| {name} | {cpu:.3f} | {wall:.2f} | {most:.1f} | {cold[0]:.1f} | {cold[1]:.1f} | {cold[2]:.1f} |")
    own = next((row for row in rows if row[0] == "jettison"), None)
    for row in rows if own else []:
        if not row[0].startswith("jettison"):
            print(f"\n{row[0]} / jettison: CPU a file × {row[1] / own[1]:.0f}, wall × {row[2] / own[2]:.0f}, one file × {row[4] / own[4]:.1f}")


if __name__ == "__main__":
    main()
