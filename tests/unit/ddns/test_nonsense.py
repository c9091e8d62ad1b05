"""Whatever a vendor's server says, an update ends with a verdict, and asks nobody but the vendor."""

import contextlib
import json
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otpbroker.acme import records
from otpbroker.config.sections.ddns import AfraidSection, CloudflareSection, DdnsRecord, DynuSection, NoIpSection
from otpbroker.ddns import driving
from otpbroker.ddns.cloudflare import Api, Refusal
from otpbroker.ddns.exchange import Told, Verdict
from otpbroker.ddns.vendors import VENDORS
from otpbroker.secrets import Secret
from otpbroker.texts import TABLES

ENDPOINT = "https://vendor.example/base"
ACCOUNTS = {
    "cloudflare": CloudflareSection(endpoint=ENDPOINT, token=Secret("t")),
    "noip": NoIpSection(endpoint=ENDPOINT, username="u", password=Secret("p")),
    "dynu": DynuSection(endpoint=ENDPOINT, api_version=2, api_key=Secret("k")),
    "afraid": AfraidSection(endpoint=ENDPOINT, password=Secret("p")),
}
KEYS = (
    *("success", "result", "errors", "code", "message", "id", "name", "status", "name_servers", "content", "type"),
    *("ttl", "proxied", "statusCode", "node", "domains", "dnsRecords", "nodeName", "recordType", "ipv4Address"),
)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=6)
    | st.sampled_from(["otp.example.com", "example.com", "otp", "A", "198.51.100.7", "pending", 200, 501, 1061, True])
)
ANSWERS = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5)
)
ROW = st.fixed_dictionaries(
    {},
    optional={
        "id": LEAVES,
        "name": st.just("otp.example.com"),
        "nodeName": st.just("otp"),
        "recordType": st.sampled_from(["A", "AAAA"]),
        "name_servers": ANSWERS,
        "status": st.sampled_from(["active", "pending"]),
        "comment": st.just(records.MARK),
    },
)
ROWS = st.lists(ROW, min_size=1, max_size=2) | ROW | ANSWERS
RESULTS = st.fixed_dictionaries(
    {"success": st.just(True), "statusCode": st.just(200), "id": st.just(1), "node": st.sampled_from(["", "otp"])},
    optional={"result": ROWS, "dnsRecords": ROWS, "errors": ANSWERS},
)
TOLD = st.builds(
    Told,
    st.sampled_from([200, 200, 200, 201, 302, 400, 401, 403, 404, 409, 429, 500, 501, 503]),
    (RESULTS | ANSWERS).map(json.dumps) | st.text(max_size=20),
    st.none() | st.floats(1, 86400),
)


def answering(answers):
    """Asks nobody: gives `answers` in turn, the last one for ever."""
    left = list(answers)

    def ask(question):
        assert urlsplit(question.url).netloc == "vendor.example"
        assert question.url.startswith(ENDPOINT)
        return left.pop(0) if len(left) > 1 else left[0]

    return ask


@pytest.mark.parametrize("provider", VENDORS)
@settings(max_examples=60)
@given(
    st.lists(TOLD, min_size=1, max_size=6),
    st.booleans(),
    st.sampled_from(["A", "AAAA"]),
)
def test_an_update_ends_with_a_verdict(provider, answers, force, kind):
    record = DdnsRecord(
        name="a", provider=provider, zone="example.com", record_name="otp", type=kind, force_create_zone=force
    )
    update = VENDORS[provider].update(record, ACCOUNTS[provider], "198.51.100.7")
    verdict = driving.verdict(update, answering(answers))
    assert isinstance(verdict, Verdict)
    for table in TABLES.values():
        assert table[verdict.key].format(**verdict.params).isprintable()


@settings(max_examples=60)
@given(st.lists(TOLD, min_size=1, max_size=6))
def test_a_proof_is_put_or_refused(answers):
    api, host = Api(ACCOUNTS["cloudflare"]), "_acme-challenge.otp.example.com"
    with contextlib.suppress(Refusal):
        driving.drive(records.clear(api, host), answering(answers))
        proof = driving.drive(records.put(api, host, "v"), answering(answers))
        assert proof.path.startswith("/zones/")
