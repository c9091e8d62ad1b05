"""Fixtures: an authority of the tests' own, and a caller that believes it."""

import pytest
import trustme

from otpbroker.calling.caller import Caller
from otpbroker.calling.guard import Guard
from otpbroker.system.trust import client_tls


@pytest.fixture(scope="session")
def authority():
    return trustme.CA()


@pytest.fixture(scope="session")
def caller(authority, tmp_path_factory):
    """Believes the test's authority, and may call this machine."""
    file = tmp_path_factory.mktemp("authority") / "ca.pem"
    authority.cert_pem.write_to_path(file)
    made = Caller(Guard(loopback=True), client_tls(str(file)), timeout_s=5)
    yield made
    made.close()
