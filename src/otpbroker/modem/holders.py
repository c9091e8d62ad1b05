"""Who has a port open, in plain words."""

import os
from pathlib import Path


def holder(port: str, proc: Path = Path("/proc")) -> str:
    """The name of a program that has `port` open, "" when none is seen (another user's descriptors are hidden)."""
    wanted = os.path.realpath(port)
    for process in proc.glob("[0-9]*"):
        if process.name == str(os.getpid()):
            continue
        try:
            if any(os.path.realpath(link) == wanted for link in (process / "fd").iterdir()):
                return (process / "comm").read_text().strip()
        except OSError:
            continue  # it ended, or is not ours to look into
    return ""
