"""Compares what two judges of scripts say of the same Dockerfiles; see `shell` beside it. Standard library only."""

import collections
import json
import subprocess
import sys

BATCH = 1000  # files a call: a command line has a largest size


def findings(jettison, files, more):
    """Every finding about a script, as (path, line, column, code), with its message."""
    found = {}
    for at in range(0, len(files), BATCH):
        command = [jettison, "check", "--no-config", "--profile", "hadolint", "--exit-zero", "--format", "jsonl", *more, "--"]
        run = subprocess.run(command + files[at:at + BATCH], capture_output=True, text=True, stdin=subprocess.DEVNULL)
        if run.returncode not in (0, 1):
            sys.exit(f"{' '.join(command)} ended with {run.returncode}: {run.stderr[-500:]}")
        for line in run.stdout.splitlines():
            one = json.loads(line)
            if str(one.get("rule", "")).startswith("SC"):
                found[one["path"], one["line"], one["column"], one["rule"]] = one["message"]
    return found


def main():
    name, jettison, shellcheck, differences = sys.argv[1:5]
    files = [line for line in open(name).read().splitlines() if line]
    own = findings(jettison, files, [])
    peer = findings(jettison, files, ["--shellcheck", shellcheck])
    by_code = collections.defaultdict(lambda: [0, 0, 0])
    for column, keys in enumerate((own.keys() & peer.keys(), peer.keys() - own.keys(), own.keys() - peer.keys())):
        for key in keys:
            by_code[key[3]][column] += 1
    print(f"{len(files)} files\n\n| code | both | only ShellCheck | only jettison |\n|---|---:|---:|---:|")
    for code, counts in sorted(by_code.items(), key=lambda item: (-sum(item[1]), item[0])):
        print("|", code, "|", " | ".join(map(str, counts)), "|")
    both, only_peer, only_own = (sum(counts[at] for counts in by_code.values()) for at in range(3))
    print(f"| all | {both} | {only_peer} | {only_own} |")
    if differences:
        with open(differences, "w") as out:
            for key in sorted(own.keys() ^ peer.keys(), key=lambda key: (key[3], key)):
                who = "jettison" if key in own else "shellcheck"
                path, line, column, code = key
                print(code, who, f"{path}:{line}:{column}", own.get(key) or peer.get(key), sep="\t", file=out)


if __name__ == "__main__":
    main()
