"""Programs in the languages that samples are written in, run as their users run them."""

import shutil
import subprocess
import sys

COMMANDS = {
    "curl": (["sh", "{}"], "curl", "sh"),
    "PHP": (["php", "{}"], "php", "php"),
    "Python": ([sys.executable, "{}"], "", "py"),
    "Node.js": (["node", "{}"], "node", "js"),
}


def is_here(language):
    needed = COMMANDS[language][1]
    return not needed or shutil.which(needed) is not None


def start(language, program, folder):
    """The running program, its ends as pipes."""
    argv, _, ending = COMMANDS[language]
    path = folder / f"sample.{ending}"
    path.write_text(program)
    return subprocess.Popen(
        [part.format(path) for part in argv],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(language, program, folder):
    """What the program prints."""
    with start(language, program, folder) as running:
        said, complaint = running.communicate(timeout=30)
    assert running.returncode == 0, complaint
    return said
