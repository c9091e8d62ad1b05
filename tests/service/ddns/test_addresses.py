"""What the kernel says of addresses, in a network namespace of its own."""

import os
import shutil
import subprocess
import sys

import pytest

from fakes.ddns_vendors import PublicAddress
from otpbroker.config.sections.ddns import PublicAddressSection
from otpbroker.ddns.public import looking
from otpbroker.errors import BrokerError

SCRIPT = """
import select, subprocess
from otpbroker.system.addresses import Changes, addresses
subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
changes = Changes()
def told(command):
    subprocess.run(["ip", *command.split()], check=True)
    poll = select.poll()
    poll.register(changes.fileno(), select.POLLIN)
    return bool(poll.poll(2000)) and changes.take()
print(sorted(each.text for each in addresses()))
print(told("address add 203.0.113.5/32 dev lo"), told("-6 address add 2606:4700::5/128 dev lo nodad"))
print(sorted((each.interface, each.text) for each in addresses()))
print(told("address change 203.0.113.5/32 dev lo preferred_lft 1000 valid_lft 1000"))
print(told("address del 203.0.113.5/32 dev lo"))
"""


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("ip"), reason="a network namespace needs root")
def test_changes_are_told_and_what_is_only_renewed_is_none():
    argv = ["unshare", "--net", sys.executable, "-c", SCRIPT]
    said = subprocess.run(argv, capture_output=True, text=True, check=True, timeout=20).stdout.splitlines()
    assert said == [
        "[]",
        "True True",
        "[('lo', '203.0.113.5'), ('lo', '2606:4700::5')]",
        "False",
        "True",
    ]


def test_the_first_source_that_answers_is_believed(authority, caller):
    with PublicAddress(authority) as broken, PublicAddress(authority, "8.8.4.4") as good:
        broken.address = "<html>sign in to this hotel's network</html>"
        look = looking(caller, tuple)
        settings = PublicAddressSection(web_ipv4=(broken.url("/"), good.url("/ip"), broken.url("/never")))
        assert look(settings, "A") == "8.8.4.4"
        assert [each.path for each in broken.asked + good.asked] == ["/", "/ip"]
        good.address = "192.168.1.7"
        with pytest.raises(BrokerError) as refused:
            look(settings, "A")
        assert refused.value.key == "ddns.source_without"
        with pytest.raises(BrokerError) as over_ipv6:
            look(PublicAddressSection(web_ipv6=(good.url("/ip"),)), "AAAA")
        assert over_ipv6.value.key in ("calling.no_connection", "calling.not_resolved")
