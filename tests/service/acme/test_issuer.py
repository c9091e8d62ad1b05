"""Certificates from Let's Encrypt's own test server, proved in a DNS that shows what Cloudflare was told."""

import datetime as dt

import pytest
from cryptography import x509 as certificates
from cryptography.x509 import verification

from fakes.ddns_vendors import Cloudflare
from fakes.pebble import PROGRAM, Pebble, name_server
from otpbroker.acme.issuer import Issuer
from otpbroker.acme.propagation import Propagation
from otpbroker.acme.records import MARK
from otpbroker.ddns.driving import asking
from otpbroker.errors import BrokerError
from otpbroker.secrets import Secret
from otpbroker.system import x509
from otpbroker.verbs.acme import DnsAccount, Issue

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="pebble is not installed")
STEPS = ["account", "order", "records", "seen", "proof", "certificate"]


class World:
    """A zone at Cloudflare, its name server, and an authority that looks there."""

    def __init__(self, folder, authority, caller, **options):
        self.folder = folder
        self.ca = folder / "ca.pem"
        authority.cert_pem.write_to_path(self.ca)
        self.cloudflare = Cloudflare(authority, "example.com")
        self.dns = name_server(self.cloudflare, options.pop("held_back", 0))
        self.pebble = Pebble(folder, authority, self.dns.port, **options)
        self.steps = []
        self._caller = caller

    def issue(self, *names, patience_s=10.0, **values):
        """Chain and key."""
        propagation = Propagation(lambda _host: ["127.0.0.1"], self.dns.port, patience_s, 0.05)
        issuer = Issuer(self.folder / "account.pem", asking(self._caller), propagation, self.steps.append)
        request, key = x509.request(names)
        account = DnsAccount(endpoint=self.cloudflare.url("/client/v4"), token=Secret(self.cloudflare.token))
        usual = {"directory": self.pebble.directory, "contact": "it@example.com", "ca_certificate": str(self.ca)}
        usual |= {"request": request, "names": names, "account": account}
        return issuer.issue(Issue(**usual | values)), key

    def refused(self, *names, **values):
        with pytest.raises(BrokerError) as refused:
            self.issue(*names, **values)
        return refused.value

    def stop(self):
        self.pebble.stop()
        self.dns.stop()
        self.cloudflare.__exit__()


@pytest.fixture(scope="module")
def world(tmp_path_factory, authority, caller):
    made = World(tmp_path_factory.mktemp("acme"), authority, caller, held_back=1, PEBBLE_WFE_NONCEREJECT="30")
    yield made
    made.stop()


def test_a_certificate_for_a_name_and_all_below_it(world):
    world.cloudflare.put("example.com", type="TXT", name="_acme-challenge.example.com", content='"x"', comment="ours")
    world.cloudflare.put("example.com", type="TXT", name="_acme-challenge.example.com", content='"y"', comment=MARK)
    began = dt.datetime.now(dt.UTC)
    chain, key = world.issue("example.com", "*.example.com", "otp.example.com")
    own, *others = certificates.load_pem_x509_certificates(chain.encode())
    names = own.extensions.get_extension_for_class(certificates.SubjectAlternativeName).value
    assert set(names.get_values_for_type(certificates.DNSName)) == {"example.com", "*.example.com", "otp.example.com"}
    assert own.not_valid_after_utc > began + dt.timedelta(days=30)
    assert others
    assert x509.fault_of(chain, key) == ""
    assert world.steps == STEPS
    assert [each["content"] for each in world.cloudflare.held()] == ['"x"']  # of the proofs nothing is left
    root = certificates.load_pem_x509_certificate(world.pebble.root().encode())
    judge = verification.PolicyBuilder().store(verification.Store([root]))
    assert judge.build_server_verifier(certificates.DNSName("otp.example.com")).verify(own, others)


def test_the_same_account_is_known_again(world):
    kept = (world.folder / "account.pem").read_text()
    for _ in range(2):
        world.refused("otp.example.org")
    assert (world.folder / "account.pem").read_text() == kept
    assert (world.folder / "account.pem").stat().st_mode & 0o777 == 0o600
    assert "There are now 1 accounts" in (world.folder / "pebble.log").read_text()


def test_a_zone_that_is_not_ours_is_told_before_anything_is_proved(world):
    refused = world.refused("otp.example.org")
    assert (refused.key, refused.params["host"]) == ("ddns.no_zone_above", "_acme-challenge.otp.example.org")


def test_a_token_that_is_refused(world):
    account = DnsAccount(endpoint=world.cloudflare.url("/client/v4"), token=Secret("wrong"))
    assert world.refused("denied.example.com", account=account).key == "ddns.cloudflare_denied"


def test_a_proof_that_nobody_sees_is_refused_and_taken_away(world):
    records, world.dns.records = world.dns.records, {}
    try:
        refused = world.refused("lost.example.com", patience_s=0.1)
    finally:
        world.dns.records = records
    assert refused.key in ("acme.unauthorized", "acme.dns")
    assert refused.params["name"] == "lost.example.com"
    assert all("lost" not in each["name"] for each in world.cloudflare.held())


def test_an_authority_that_is_not_believed_or_not_there(world, tmp_path):
    assert world.refused("otp.example.com", ca_certificate="").key == "acme.certificate"
    assert world.refused("otp.example.com", directory="https://localhost:1/dir").key == "acme.away"
    assert world.refused("otp.example.com", directory=world.pebble.directory + "x").params == {"reason": "HTTP 404"}
    assert world.refused("otp.example.com", ca_certificate=str(tmp_path / "none.pem")).key == "acme.ca_certificate"


def test_an_authority_that_wants_an_account_from_elsewhere(tmp_path, authority, caller):
    made = World(tmp_path, authority, caller, binding=True)
    try:
        assert made.refused("otp.example.com").key == "acme.externalAccountRequired"
    finally:
        made.stop()
