"""Sorts the words."""
import os

os.makedirs("out", exist_ok=True)
with open("words.txt") as words, open("out/index.txt", "w") as out:
    out.writelines(sorted(words))
