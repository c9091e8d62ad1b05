"""A certificate from the order to the key store, and its renewal: otpb-apply and otpb-acme as they run."""

import pytest
from cryptography import x509 as certificates

from fakes.ddns_vendors import Cloudflare
from fakes.pebble import PROGRAM, Pebble, name_server
from fakes.service_process import ServiceProcess
from otpbroker.clients.acme import AcmeClient
from otpbroker.clients.apply import ApplyClient
from otpbroker.config.sections.acme import AcmeSection
from otpbroker.config.sections.ddns import CloudflareSection
from otpbroker.config.sections.network import KeystoreSection
from otpbroker.config.store import Store, render
from otpbroker.errors import BrokerError
from otpbroker.secrets import Secret
from otpbroker.verbs.acme import AcmeStatus, OrderCertificate
from otpbroker.verbs.apply import SetEntry

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="pebble is not installed")


class Device:
    def __init__(self, folder, authority, monkeypatch):
        authority.cert_pem.write_to_path(folder / "ca.pem")
        monkeypatch.setenv("SSL_CERT_FILE", str(folder / "ca.pem"))
        self.cloudflare = Cloudflare(authority, "example.com")
        self.dns = name_server(self.cloudflare)
        self.pebble = Pebble(folder, authority, self.dns.port)
        self.processes = [
            ServiceProcess(folder, "apply"),
            ServiceProcess(folder, "acme", "--allow-loopback", "--dns-port", str(self.dns.port)),
        ]
        self.store = Store(self.processes[0].paths)
        account = CloudflareSection(endpoint=self.cloudflare.url("/client/v4"), token=Secret(self.cloudflare.token))
        self.store.write("cloudflare", render(account))
        self.apply, self.acme = ApplyClient(self.processes[0].paths), AcmeClient(self.processes[0].paths)
        for process in self.processes:
            process.start()

    def wants(self, *names):
        section = AcmeSection(active=True, names=names, terms_agreed=True, directory=self.pebble.directory)
        self.store.write("acme", render(section))

    def order(self, **values):
        return self.apply.call(OrderCertificate(wait=True, **values)).key

    def held(self):
        """The one in the key store: its serial number, names, and whether it is active."""
        (one,) = self.store.load(KeystoreSection).keystore
        made = certificates.load_pem_x509_certificate(one.certificate.encode())
        names = made.extensions.get_extension_for_class(certificates.SubjectAlternativeName).value
        return made.serial_number, names.get_values_for_type(certificates.DNSName), one.active

    def close(self):
        self.apply.close()
        self.acme.close()
        for process in self.processes:
            process.close()
        self.pebble.stop()
        self.dns.stop()
        self.cloudflare.__exit__()


@pytest.fixture
def device(tmp_path, authority, monkeypatch):
    made = Device(tmp_path, authority, monkeypatch)
    yield made
    made.close()


def test_a_certificate_is_ordered_kept_and_renewed(device):
    device.wants("otp.example.com")
    assert device.acme.call(AcmeStatus()).ended is None
    assert device.order() == "acme.done"
    first, names, active = device.held()
    assert (names, active) == (["otp.example.com"], True)
    said = device.acme.call(AcmeStatus())
    assert (said.step, said.done, said.names) == (None, True, ("otp.example.com",))

    assert device.order(renewal=True) == "acme.not_due"
    device.wants("otp.example.com", "*.example.com")
    device.apply.call(SetEntry(section="keystore", key="ACME", values={"active": Secret("false")}))
    assert device.order(renewal=True) == "acme.done"
    second, names, active = device.held()
    assert (set(names), active) == ({"otp.example.com", "*.example.com"}, False)  # as somebody had it
    assert second != first
    assert device.cloudflare.held() == []

    device.wants("otp.example.org")
    with pytest.raises(BrokerError) as refused:
        device.order()
    assert refused.value.key == "ddns.no_zone_above"
    assert device.held()[0] == second
    for process in device.processes:
        assert "PRIVATE KEY" not in process.log()
        assert device.cloudflare.token not in process.log()
        process.terminate()
        assert process.wait() == 0
    device.processes[1].start()
    said = device.acme.call(AcmeStatus())
    assert (said.done, said.key) == (False, "ddns.no_zone_above")  # also in its next life
