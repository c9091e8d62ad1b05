"""What all devices have alike holds nothing that two devices must not share."""

import re

import pytest

from running import PROJECT

KEY = re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/]{40}")
OWN = re.compile(r"ssh_host_|machine-id|random-seed|credential\.secret|\.(pem|key)$|^etc/otpbroker/|^var/lib/")


def shared(folder):
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            name = str(path.relative_to(folder))
            if OWN.search(name) or KEY.search(path.read_bytes()):
                yield name


@pytest.mark.parametrize("folder", ["overlay", "src/otpbroker", "image/debian"])
def test_nothing_secret_is_packaged(folder):
    assert (PROJECT / folder).is_dir()
    assert list(shared(PROJECT / folder)) == []


@pytest.mark.parametrize(
    "name", ["etc/ssh/ssh_host_rsa_key", "etc/machine-id", "etc/otpbroker/wlan.yaml", "x/tls.pem", "var/lib/x"]
)
def test_the_check_finds_what_is_planted(tmp_path, name):
    (tmp_path / name).parent.mkdir(parents=True)
    (tmp_path / name).touch()
    assert list(shared(tmp_path)) == [name]


def test_the_check_finds_a_key_by_its_text(tmp_path):
    (tmp_path / "harmless.txt").write_text("-----BEGIN OPENSSH PRIVATE KEY-----\n" + "b3Bl" * 16)
    assert list(shared(tmp_path)) == ["harmless.txt"]
