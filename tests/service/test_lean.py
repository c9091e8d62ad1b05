"""What a service never uses it does not load: memory of a small device, and time at its start."""

import subprocess
import sys

import pytest

IMPORTS = """
import sys
bare = set(sys.modules)
import otpbroker.services.{module}
print(*sorted(set(sys.modules) - bare))
"""
WEB = {"bottle", "cheroot", "jinja2", "otpbroker.panel", "otpbroker.web"}
OTHERS = {"argparse", "asyncio", "dns", "nacl", "otpbroker.apply", "otpbroker.cli", "phonenumbers", "pika", "serial"}


def loaded(module):
    argv = [sys.executable, "-c", IMPORTS.format(module=module)]
    return set(subprocess.run(argv, capture_output=True, text=True, check=True, timeout=30).stdout.split())


@pytest.mark.parametrize(
    ("module", "without"),
    [
        (
            "dispatch.__main__",
            {"dataclasses", "email", "http.client", "importlib.metadata", "smtplib", "ssl"}
            | WEB
            | OTHERS - {"phonenumbers", "serial"},
        ),
        (
            "mail.__main__",
            {"ctypes", "dataclasses", "email", "http.client", "smtplib", "sqlite3", "ssl"} | WEB | OTHERS,
        ),
        ("notifier.__main__", {"ctypes", "dataclasses", "smtplib", "sqlite3", "tempfile"} | WEB | OTHERS),
        ("ddns.__main__", {"ctypes", "dataclasses", "smtplib", "sqlite3", "tempfile"} | WEB | OTHERS),
        (
            "acme.__main__",
            {"acme", "cryptography", "dataclasses", "josepy", "requests", "smtplib", "sqlite3"} | WEB | OTHERS,
        ),
        ("admin.service", OTHERS - {"otpbroker.apply"} | {"otpbroker.apply.transaction", "smtplib", "sqlite3"}),
        (
            "dial.__main__",
            {"http.client", "smtplib", "sqlite3", "ssl", "yaml", "otpbroker.network.plan"} | WEB | OTHERS,
        ),
        ("network.__main__", {"http.client", "smtplib", "sqlite3", "ssl"} | WEB | OTHERS),
        ("access.__main__", {"http.client", "smtplib", "socket", "sqlite3"} | WEB | OTHERS),
        ("api.service", {"bottle", "jinja2", "otpbroker.panel", "smtplib", "sqlite3"} | OTHERS),
    ],
)
def test_a_service_does_without(module, without):
    assert loaded(module) & without == set()
