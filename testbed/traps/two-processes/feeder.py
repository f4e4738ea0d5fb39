"""Writes a heartbeat for the server beside it."""
import time
from pathlib import Path

while True:
    Path("/tmp/beat").write_text("alive\n")
    time.sleep(0.2)
