"""pppd as far as it goes without a kernel that has PPP: the modem is called, addresses are as if agreed on, and the
connection lasts until the modem says NO CARRIER or somebody hangs up. Arguments, scripts, their environment and exit
statuses are pppd's (pppd(8)).
"""

import fcntl
import os
import signal
import subprocess
import sys
from pathlib import Path

CONNECT_FAILED, CARRIER_LOST, TERMINATED = 8, 16, 5


def install(folder):
    """Makes `folder`/pppd, to be found first in PATH."""
    folder.mkdir()
    (folder / "pppd").write_text(
        f"#!{sys.executable}\nimport runpy\nrunpy.run_path({__file__!r}, run_name='__main__')\n"
    )
    (folder / "pppd").chmod(0o755)


def _script(program, folder, port):
    argv = [program, "ppp7", port, "115200", "10.64.0.2", "10.64.64.64", folder]
    subprocess.run(argv, env={"PATH": os.environ["PATH"], "DNS1": "10.64.0.53", "DNS2": ""}, check=True)


def main(port, *words):
    options = dict(zip(words[::2], words[1::2], strict=True))
    assert Path(options["file"]).read_text()
    fd = os.open(port, os.O_RDWR | os.O_NOCTTY)
    fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)  # in place of pppd's lock file, which all of the machine would see
    if subprocess.run(["/bin/sh", "-c", options["connect"]], stdin=fd, stdout=fd, check=False).returncode:
        return CONNECT_FAILED
    signal.signal(signal.SIGTERM, lambda *_: os.close(fd))
    _script(options["ip-up-script"], options["ipparam"], port)
    heard = b""
    try:
        while b"NO CARRIER" not in heard:
            heard = (heard + os.read(fd, 100))[-100:]
    except OSError:
        return TERMINATED
    finally:
        _script(options["ip-down-script"], options["ipparam"], port)
    return CARRIER_LOST


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
