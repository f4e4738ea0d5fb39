"""Builds files before and after their fixes; see `fixed` beside it. Standard library only."""

import concurrent.futures
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

# Examples name the newest releases; what is here may be one older.
IMAGES = [
    (r"\bpython:3\.13", "python:3.12"), (r"\bgolang:1\.25", "golang:1.24"), (r"\balpine:3\.22", "alpine:3.20"),
    (r"\brust:1\.90", "rust:1"), (r"\bnode:24", "node:22"), (r"\bubuntu:26\.04", "ubuntu:24.04"),
]
SECONDS = 240


def cases(root, parts):
    """Name, folder of the context (none: made up), and the Dockerfile's text."""
    found = []
    for folder in sorted(glob.glob(f"{root}/examples/*") + glob.glob(f"{root}/testbed/fixtures/*") + glob.glob(f"{root}/testbed/projects/*")):
        path = os.path.join(folder, "Dockerfile")
        if os.path.isfile(path):
            found.append((os.path.relpath(folder, root), folder, open(path).read()))
    for page in sorted(glob.glob(f"{root}/docs/rules/*.md")):
        blocks = re.findall(r"^Bad:\n\n```dockerfile\n((?:.*\n)*?)```$", open(page).read(), re.M)
        found += [(f"{os.path.basename(page)}#{number}", None, text) for number, text in enumerate(blocks)]
    return [case for case in found if not parts or any(part in case[0] for part in parts)]


def sources(folder, text):
    """Something to copy, under every name that a COPY or ADD of the context has."""
    for line in text.replace("\\\n", " ").splitlines():
        words = [word for word in line.split()[1:] if not word.startswith("--")]
        if re.match(r"(COPY|ADD)\s", line) and "--from" not in line and not any("://" in word or "<<" in word for word in words):
            for word in words[:-1]:
                name = word.strip("./[]\",")
                if name and not re.search(r"[$*?]", name) and not os.path.exists(os.path.join(folder, name)):
                    path = os.path.join(folder, name)
                    os.makedirs(os.path.dirname(path), exist_ok=True)
                    open(path, "w").write("content\n")


def builds(folder, text):
    for pattern, image in IMAGES:
        text = re.sub(pattern, image, text)
    command = ["docker", "build", "-q", "--network", "default", "-f", "-", folder]
    try:
        said = subprocess.run(command, input=text, capture_output=True, text=True, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return None, "timeout"
    if said.returncode == 0 and said.stdout.strip():
        subprocess.run(["docker", "rmi", "-f", said.stdout.strip()], capture_output=True)
    return said.returncode == 0, said.stderr[-400:]


def look(jettison, case, options):
    name, context, text = case
    with tempfile.TemporaryDirectory() as top:
        folder = os.path.join(top, "context")
        shutil.copytree(context, folder, symlinks=True) if context else os.mkdir(folder)
        if not context:
            sources(folder, text)
        path = os.path.join(folder, "Dockerfile")
        open(path, "w").write(text)
        said = subprocess.run([jettison, "check", "--exit-zero", "--profile", "strict", "--fix", *options, "--format", "json", path], capture_output=True, text=True)
        fixed = open(path).read()
        if said.returncode != 0 or fixed == text:
            return name, "same", ""
        before, why = builds(folder, text)
        if not before:
            return name, "does not build", why
        after, why = builds(folder, fixed)
        return name, "holds" if after else "BROKEN" if after is False else "timeout", why + ("" if after else "\n" + fixed)


def main():
    jettison, root, rest = sys.argv[1], os.path.abspath(sys.argv[2]), sys.argv[3:]
    options = [word for word in rest if word.startswith("--")]
    count = {}
    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        chosen = cases(root, [word for word in rest if not word.startswith("--")])
        looked = [pool.submit(look, jettison, case, options) for case in chosen]
        for done in concurrent.futures.as_completed(looked):
            name, verdict, why = done.result()
            count[verdict] = count.get(verdict, 0) + 1
            print(f"{verdict}\t{name}" + (f"\n{why}" if verdict == "BROKEN" else ""), flush=True)
    print(", ".join(f"{number} {verdict}" for verdict, number in sorted(count.items())))
    sys.exit(1 if count.get("BROKEN") else 0)


if __name__ == "__main__":
    main()
