import io
import json
import subprocess

import pytest

from otpbroker.cli.__main__ import main

PEM = "tests/data/localhost.pem"


@pytest.fixture
def otpb(tmp_path, capsys, monkeypatch):
    def run(*arguments, stdin=""):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        status = main(["--root", str(tmp_path), "certificate", *arguments])
        output = capsys.readouterr()
        return status, output.out, output.err

    return run


def told(otpb):
    return {one["name"]: one for one in json.loads(otpb("list", "--json")[1])["certificates"]}


def test_the_key_store_from_the_command_line(otpb):
    assert otpb("import", "shop", PEM, "--activate")[0] == 0
    assert otpb("make", "own", "sms.example.com")[0] == 0
    assert otpb("activate", "own")[0] == 0
    assert {name: one["active"] for name, one in told(otpb).items()} == {"shop": False, "own": True}
    assert otpb("deactivate", "own")[0] == 0
    listed = otpb("list")[1]
    assert "sms.example.com" in listed
    assert "PRIVATE" not in listed + otpb("list", "--json")[1]
    assert otpb("remove", "shop")[0] == 0
    status, _, errors = otpb("remove", "shop")
    assert (status, "There is no certificate shop" in errors) == (1, True)
    assert list(told(otpb)) == ["own"]


def test_a_pkcs12_file_and_its_passphrase(otpb, tmp_path):
    packed = tmp_path / "shop.p12"
    export = ["openssl", "pkcs12", "-export", "-in", PEM, "-passout", "pass:rahasia", "-out", packed]
    subprocess.run(export, check=True, timeout=30)
    assert "needs its passphrase" in otpb("import", "shop", str(packed))[2]
    assert "does not open" in otpb("import", "shop", str(packed), "--passphrase", stdin="x\n")[2]
    assert otpb("import", "shop", str(packed), "--passphrase", stdin="rahasia\n")[0] == 0
    assert told(otpb)["shop"]["names"] == ["localhost", "127.0.0.1"]


def test_a_file_that_is_not_there(otpb, tmp_path):
    status, _, errors = otpb("import", "shop", str(tmp_path / "none.pem"))
    assert (status, "cannot be read" in errors) == (1, True)
