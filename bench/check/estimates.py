"""Builds before and after, one finding at a time; see `estimates` beside it. Standard library only."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

# What the official Debian images say to apt, and images made otherwise may not: lists compressed, no translations, no archives kept.
CLEAN = "rm -f /var/cache/apt/archives/*.deb /var/cache/apt/*.bin"
APT = (
    "RUN if command -v apt-get >/dev/null; then cd /etc/apt/apt.conf.d;"
    " echo 'Acquire::GzipIndexes \"true\";' > docker-gzip-indexes;"
    " echo 'Acquire::Languages \"none\";' > docker-no-languages;"
    " echo 'Dir::Cache::pkgcache \"\"; Dir::Cache::srcpkgcache \"\";"
    f" DPkg::Post-Invoke {{ \"{CLEAN}\"; }}; APT::Update::Post-Invoke {{ \"{CLEAN}\"; }};' > docker-clean; fi\n"
)
# Steps that no finding measured here is about, and that take long: left out on both sides.
LONG = re.compile(r"^RUN (go build|mvn|cargo build|pip install).*$", re.M)


def run(command, **options):
    return subprocess.run(command, check=True, capture_output=True, text=True, **options).stdout


def junk(folder, app):
    """What a checkout holds beside the sources."""
    def write(path, size):
        path = os.path.join(folder, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(os.urandom(size))

    git = ["git", "-C", folder, "-c", "user.name=a", "-c", "user.email=a@example.com"]
    run([*git, "init", "-q"])
    write("old.bin", 3_000_000)
    run([*git, "add", "-A"])
    run([*git, "commit", "-q", "-m", "start"])
    os.remove(os.path.join(folder, "old.bin"))
    if app in ("node-ts", "nginx-static"):
        for number in range(60):
            write(f"node_modules/old-{number}/index.js", 120_000)
    if app == "py-flask":
        for number in range(40):
            write(f".venv/lib/python3.11/site-packages/old{number}/core.py", 150_000)
        write("app/__pycache__/app.cpython-311.pyc", 400_000)


def findings(jettison, folder):
    said = run([jettison, "check", "--exit-zero", "--format", "json", "--context", folder, os.path.join(folder, "Dockerfile")])
    found = [one for file in json.loads(said)["files"] for one in file["findings"]]
    return [one for one in found if one.get("estimate", {}).get("bytes")]


def deal(jettison, folder, finding):
    """Deals with one finding in the folder: by its own fix, or as its page says. False where this script does not know how."""
    dockerfile, rule = os.path.join(folder, "Dockerfile"), finding["rule"].split("/")[0]
    text = open(dockerfile).read()
    if rule in ("apt-cache-kept", "npm-cache-kept"):
        run([jettison, "check", "--exit-zero", "--only", rule, "--only", "stale-package-index", "--fix", "--format", "json", dockerfile])
    elif rule == "debug-tools-shipped":
        lines = text.splitlines(keepends=True)
        at = finding["line"] - 1
        lines[at] = re.sub(r"( && apt-get install -y)? vim(?=\s*$)" if lines[at].rstrip().endswith("-y vim") else r" vim", "", lines[at])
        open(dockerfile, "w").write("".join(lines))
    elif rule == "node-dev-dependencies-shipped":
        joined = text.replace("RUN npm install\nRUN npm run build\n", "RUN npm install && npm run build && npm prune --omit=dev\n")
        open(dockerfile, "w").write(joined)
    elif rule == "ignore-file-gap":
        name = re.search(r"`([^`]+)`", finding["message"]).group(1)
        open(os.path.join(folder, ".dockerignore"), "w").write(f"**/{name}\n")
    else:
        return False
    return True


def size(folder, base):
    """Bytes of the layers of what is built there."""
    dockerfile = os.path.join(folder, "Dockerfile")
    text = LONG.sub("RUN true", open(dockerfile).read())
    text = re.sub(r"^FROM (\S+)", f"FROM {base}", text, count=1, flags=re.M)
    tag = "jettison-estimate"
    run(["docker", "build", "-q", "-t", tag, "-f", "-", folder], input=text)
    sizes = run(["docker", "history", "--human=false", "--format", "{{.Size}}", tag]).split()
    run(["docker", "rmi", "-f", tag])
    return sum(map(int, sizes))


def main():
    jettison, examples, apps = sys.argv[1], sys.argv[2], sys.argv[3:]
    print("| app | line | rule | estimate | evidence | measured | ratio |\n| --- | --- | --- | --- | --- | --- | --- |")
    for app in apps or sorted(os.listdir(examples)):
        with tempfile.TemporaryDirectory() as top:
            before = os.path.join(top, "before")
            shutil.copytree(os.path.join(examples, app), before)
            junk(before, app)
            image = re.search(r"^FROM (\S+)", open(os.path.join(before, "Dockerfile")).read(), re.M).group(1)
            base = f"jettison-estimate-base:{app}"
            run(["docker", "build", "-q", "-t", base, "-"], input=f"FROM {image}\n{APT}")
            whole = size(before, base)
            for number, finding in enumerate(findings(jettison, before)):
                after = os.path.join(top, f"after{number}")
                shutil.copytree(before, after)
                if not deal(jettison, after, finding):
                    print(f"note: {app}: {finding['rule']} is not measured here", file=sys.stderr)
                    continue
                try:
                    saved = whole - size(after, base)
                except subprocess.CalledProcessError as error:
                    print(f"note: {app}: {finding['rule']}: {error.stderr[-300:]}", file=sys.stderr)
                    continue
                estimate = -finding["estimate"]["bytes"]
                ratio = f"{estimate / saved:.2f}" if saved > 0 else "-"
                what = finding["rule"]
                if what.startswith("ignore"):
                    what += " (" + re.search(r"`([^`]+)`", finding["message"]).group(1) + ")"
                row = [app, finding["line"], what, f"{estimate / 1e6:.2f} MB", finding["estimate"]["evidence"], f"{saved / 1e6:.2f} MB", ratio]
                print("| " + " | ".join(map(str, row)) + " |", flush=True)
            run(["docker", "rmi", "-f", base])


if __name__ == "__main__":
    main()
