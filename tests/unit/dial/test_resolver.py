import pytest

from otpbroker.dial.resolver import Resolver


@pytest.fixture
def asked(tmp_path, monkeypatch):
    """What the programs that resolve names are told, in order: arguments, then standard input."""
    programs, log = tmp_path / "bin", tmp_path / "log"
    programs.mkdir()
    for name in ("resolvectl", "resolvconf"):
        (programs / name).write_text(f'#!/bin/sh\necho "{name} $*" >>{log}\n[ {name} = resolvectl ] || cat >>{log}\n')
        (programs / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    return lambda: log.read_text().splitlines() if log.exists() else []


@pytest.fixture
def resolved(tmp_path):
    """systemd-resolved runs here."""
    (tmp_path / "run/systemd/resolve").mkdir(parents=True)
    (tmp_path / "run/systemd/resolve/resolv.conf").touch()


@pytest.mark.usefixtures("resolved")
def test_resolved_has_them_for_the_interface_and_forgets_by_itself(tmp_path, asked):
    resolver = Resolver(tmp_path)
    resolver.publish("ppp0", ["10.64.0.53", "10.64.0.54"])
    resolver.withdraw("ppp0")
    assert asked() == ["resolvectl dns ppp0 10.64.0.53 10.64.0.54", "resolvectl default-route ppp0 yes"]


def test_resolvconf_has_them_until_they_are_taken_back(tmp_path, asked):
    resolver = Resolver(tmp_path)
    resolver.publish("ppp0", ["10.64.0.53"])
    resolver.withdraw("ppp0")
    assert asked() == ["resolvconf -a ppp0.otpb", "nameserver 10.64.0.53", "resolvconf -d ppp0.otpb"]


def test_nothing_is_said_where_the_operator_names_none(tmp_path, asked):
    Resolver(tmp_path).publish("ppp0", [])
    assert asked() == []


def test_without_either_the_connection_stays(tmp_path, monkeypatch, caplog):
    monkeypatch.setenv("PATH", str(tmp_path))
    Resolver(tmp_path).publish("ppp0", ["10.64.0.53"])
    assert "resolvconf" in caplog.text
