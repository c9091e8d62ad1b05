"""The real process, at a vendor that it believes by the system's own authorities."""

import os
import shutil
import subprocess
import sys

import pytest

from fakes.ddns_vendors import NoIp, PublicAddress
from fakes.service_process import ServiceProcess
from fakes.waiting import waits_for
from otpbroker.clients.ddns import DdnsClient
from otpbroker.config.sections.ddns import DdnsRecord, DdnsSection, NoIpSection, PublicAddressSection
from otpbroker.config.store import Store, render
from otpbroker.errors import BrokerError
from otpbroker.secrets import Secret
from otpbroker.verbs.ddns import DdnsStatus, UpdateNow


def test_a_record_is_kept_up_and_new_settings_count_at_once(authority, tmp_path, monkeypatch):
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    process = ServiceProcess(tmp_path, "ddns", "--allow-loopback")
    client = DdnsClient(process.paths)
    with NoIp(authority, "otp.ddns.net") as noip, PublicAddress(authority, "8.8.4.4") as outside:
        store = Store(process.paths)
        store.write("noip", render(account(noip)))
        store.write("public_address", render(PublicAddressSection(web_ipv4=(outside.url("/"),))))
        try:
            process.start()
            assert client.call(DdnsStatus()).records == []
            record = DdnsRecord(name="a", provider="noip", record_name="otp.ddns.net")
            store.write("ddns", render(DdnsSection(ddns=(record,))))
            assert "ERRNO=0" in process.reload()
            waits_for(lambda: client.call(DdnsStatus()).records[0].state == "current")
            assert noip.hosts == {"otp.ddns.net": {4: "8.8.4.4"}}
            assert client.call(UpdateNow(name="a")).key == "ddns.just_now"
            with pytest.raises(BrokerError) as unknown:
                client.call(UpdateNow(name="b"))
            assert unknown.value.key == "settings.no_entry_ddns"
            process.terminate()
            assert process.wait() == 0
            process.start()
            waits_for(lambda: len(outside.asked) == 2)
            assert client.call(DdnsStatus()).records[0].state == "current"
            assert len(noip.asked) == 1
            assert "geheim" not in process.log()
        finally:
            client.close()
            process.close()


def account(noip):
    return NoIpSection(endpoint=noip.url("/nic/update"), username="user@example.com", password=Secret("geheim/+:x"))


MOVING = """
import pathlib, subprocess, sys, time
import trustme
from fakes.ddns_vendors import NoIp
from fakes.service_process import ServiceProcess
from fakes.waiting import waits_for
from otpbroker.config.sections.ddns import *
from otpbroker.config.store import Store, render
from otpbroker.secrets import Secret

def ip(command):
    subprocess.run(["ip", *command.split()], check=True)

root = pathlib.Path(sys.argv[1])
ip("link set lo up")
ip("address add 8.8.4.4/32 dev lo")
authority = trustme.CA()
authority.cert_pem.write_to_path(root / "ca.pem")
with NoIp(authority, "otp.ddns.net") as noip:
    process = ServiceProcess(root, "ddns", "--allow-loopback")
    store = Store(process.paths)
    username, password = noip.account
    account = NoIpSection(endpoint=noip.url("/nic/update"), username=username, password=Secret(password))
    store.write("noip", render(account))
    store.write("public_address", render(PublicAddressSection(source="interface", interface="lo")))
    record = DdnsRecord(name="a", provider="noip", record_name="otp.ddns.net", interval=3600)
    store.write("ddns", render(DdnsSection(ddns=(record,))))
    process.start()
    noip.until(1)
    began = time.monotonic()
    ip("address del 8.8.4.4/32 dev lo")
    ip("address add 8.8.8.8/32 dev lo")
    noip.until(2)
    took_s = time.monotonic() - began
    ip("address add 192.168.7.7/32 dev lo")
    process.terminate()
    assert process.wait() == 0
    print([asked.query["myip"] for asked in noip.asked], 1 < took_s < 8)
"""


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("ip"), reason="a network namespace needs root")
def test_the_kernels_word_of_another_address_is_one_update_at_once(tmp_path):
    """In a network namespace of its own, an hour before the record's interval is over."""
    argv = ["unshare", "--net", sys.executable, "-c", MOVING, str(tmp_path)]
    environment = os.environ | {"PYTHONPATH": "src:tests", "SSL_CERT_FILE": str(tmp_path / "ca.pem")}
    done = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=40, env=environment)
    assert done.stdout.strip() == "['8.8.4.4', '8.8.8.8'] True", done.stderr
