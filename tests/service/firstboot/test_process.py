"""The processes as systemd starts them, on a root prefix."""

import subprocess
import sys

from otpbroker.config.sections.network import WlanSection
from otpbroker.config.store import Store
from otpbroker.firstboot import access, card, made
from otpbroker.system.files import Paths


def run(root, boot, service="firstboot"):
    argv = [sys.executable, "-m", f"otpbroker.services.{service}", "--root", root, "--boot", boot]
    return subprocess.run(argv, capture_output=True, text=True, check=False, timeout=30)


def test_a_first_boot_and_the_next(tmp_path):
    root, boot = tmp_path / "root", tmp_path / "boot"
    boot.mkdir()
    (boot / card.NAME).write_text("passphrase: kopi-susu-gula\nlanguage: en\n", encoding="utf-8")
    first = run(root, boot)
    assert first.returncode == 0, first.stderr
    assert "gula" not in first.stderr
    (root / "var/lib/otpbroker/network-taken").touch()
    assert run(root, boot, "access").returncode == 0
    store = Store(Paths(root))
    assert store.load(WlanSection).passphrase.reveal() == "kopi-susu-gula"
    assert [path.name for path in boot.iterdir()] == [access.NAME]
    assert made.is_code((root / "var/lib/otpbroker/factory/setup-code").read_text().strip())


def test_a_disk_that_refuses_ends_it(tmp_path):
    root, boot = tmp_path / "root", tmp_path / "boot"
    boot.mkdir()
    root.write_text("no folder")
    ended = run(root, boot)
    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1
