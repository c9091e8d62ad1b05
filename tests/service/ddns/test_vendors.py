"""One update at each vendor, over real TLS: what it is asked, and what its documented answers mean."""

import pytest

from fakes.ddns_vendors import Afraid, Cloudflare, Dynu, NoIp
from otpbroker.calling.caller import Caller
from otpbroker.calling.guard import Guard
from otpbroker.config.sections.ddns import (
    AfraidSection,
    CloudflareSection,
    DdnsRecord,
    DynuSection,
    NoIpSection,
)
from otpbroker.ddns import driving
from otpbroker.ddns.vendors import VENDORS
from otpbroker.secrets import Secret

V4, V6 = "198.51.100.7", "2001:db8::7"


def updated(caller, record, account, address=V4):
    return driving.verdict(VENDORS[record.provider].update(record, account, address), driving.asking(caller))


def said(verdict):
    return verdict.kind, verdict.key


def noip_record(name="otp.ddns.net", **values):
    return DdnsRecord(name="a", provider="noip", record_name=name, **values)


def noip_account(server, password="geheim/+:x", **values):
    usual = {"username": "user@example.com", "company": "PT Contoh", "email": "it@example.com"}
    return NoIpSection(endpoint=server.url("/nic/update"), password=Secret(password), **usual | values)


@pytest.fixture
def noip(authority):
    with NoIp(authority, "otp.ddns.net") as server:
        yield server


def test_noip_updates_each_family_by_itself(caller, noip):
    account = noip_account(noip)
    assert said(updated(caller, noip_record(), account)) == ("done", "ddns.good")
    assert said(updated(caller, noip_record(type="AAAA"), account, V6)) == ("done", "ddns.good")
    assert noip.hosts == {"otp.ddns.net": {4: V4, 6: V6}}
    first = noip.asked[0]
    assert (first.method, first.path, first.query) == ("GET", "/nic/update", {"hostname": "otp.ddns.net", "myip": V4})
    assert first.headers["user-agent"].startswith("PT Contoh OTP-Broker/")
    assert first.headers["user-agent"].endswith(" it@example.com")
    assert said(updated(caller, noip_record(), account)) == ("done", "ddns.nochg")


def test_noip_knows_our_agent_also_where_nobody_filled_in_who_we_are(caller, noip):
    assert said(updated(caller, noip_record(), noip_account(noip, company="Señor\u2014", email=""))) == (
        "done",
        "ddns.good",
    )


def test_noip_refusals_stop(caller, noip):
    wrong = updated(caller, noip_record(), noip_account(noip, password="falsch"))
    assert (*said(wrong), wrong.account) == ("stop", "ddns.badauth", True)
    unknown = updated(caller, noip_record("other.ddns.net"), noip_account(noip))
    assert (*said(unknown), unknown.account) == ("stop", "ddns.nohost", False)
    noip.blocked = True
    assert said(updated(caller, noip_record(), noip_account(noip))) == ("stop", "ddns.abuse")


def test_trouble_at_the_server_waits(caller, noip):
    noip.ordered += [(200, "911\r\n"), (500, "oops"), (503, "", {"Retry-After": "120"}), (302, "", {"Location": "/x"})]
    noip.ordered += [(429, "", {"Retry-After": "600"}), (200, "<html>a page of a captive portal</html>")]
    account = noip_account(noip)
    verdicts = [updated(caller, noip_record(), account) for _ in range(6)]
    assert [(each.kind, each.key, each.pause_s) for each in verdicts] == [
        ("pause", "ddns.911", 1800.0),
        ("retry", "ddns.server_error", 0.0),
        ("retry", "ddns.server_error", 120.0),
        ("retry", "ddns.redirected", 0.0),
        ("pause", "ddns.rate_limited", 600.0),
        ("retry", "ddns.not_understood", 0.0),
    ]
    assert len(noip.asked) == 6


def test_who_is_not_believed_gets_no_password(noip):
    with_systems_authorities = Caller(Guard(loopback=True), timeout_s=5)
    assert updated(with_systems_authorities, noip_record(), noip_account(noip)).key == "calling.certificate"
    as_on_the_device = Caller(Guard(), timeout_s=5)
    assert updated(as_on_the_device, noip_record(), noip_account(noip)).key == "calling.address_refused"
    assert noip.asked == []


@pytest.fixture
def dynu(authority):
    with Dynu(authority, "example.freeddns.org", "otp.example.freeddns.org") as server:
        yield server


def dynu_record(name, **values):
    return DdnsRecord(name="a", provider="dynu", record_name=name, **values)


def test_dynu_protocol_leaves_the_other_family_alone(caller, dynu):
    account = DynuSection(endpoint=dynu.url("/nic/update"), username="user@example.com", password=Secret("geheim/+:x"))
    assert said(updated(caller, dynu_record("example.freeddns.org"), account)) == ("done", "ddns.good")
    assert dynu.asked[0].query == {"hostname": "example.freeddns.org", "myip": V4, "myipv6": "no"}
    below = dynu_record("otp", zone="example.freeddns.org", type="AAAA")
    assert said(updated(caller, below, account, V6)) == ("done", "ddns.good")
    assert dynu.asked[1].query == {"hostname": "example.freeddns.org", "alias": "otp", "myip": "no", "myipv6": V6}
    assert dynu.hosts == {"example.freeddns.org": {4: V4}, "otp.example.freeddns.org": {6: V6}}


def dynu_api(server, key="A1b2C3d4"):
    return DynuSection(endpoint=server.url("/v2"), api_version=2, api_key=Secret(key))


def test_dynu_api_changes_what_it_must_and_keeps_the_rest(caller, dynu):
    record = dynu_record("example.freeddns.org", ttl=300)
    assert said(updated(caller, record, dynu_api(dynu))) == ("done", "ddns.good")
    assert dynu.domains[101] == {
        "name": "example.freeddns.org",
        "group": "kantor",
        "ttl": 300,
        "ipv4": True,
        "ipv6": True,
        "ipv4Address": V4,
    }
    asked = len(dynu.asked)
    assert said(updated(caller, record, dynu_api(dynu))) == ("done", "ddns.nochg")
    assert [each.method for each in dynu.asked[asked:]] == ["GET", "GET"]


def test_dynu_api_makes_and_changes_a_record_below_the_domain(caller, dynu):
    record = dynu_record("otp", zone="example.freeddns.org", type="AAAA")
    for address, key in ((V6, "ddns.good"), (V6, "ddns.nochg"), ("2001:db8::8", "ddns.good")):
        assert updated(caller, record, dynu_api(dynu), address).key == key
    (held,) = dynu.records.values()
    assert (held["nodeName"], held["recordType"], held["ipv6Address"], held["state"]) == (
        "otp",
        "AAAA",
        "2001:db8::8",
        True,
    )


def test_dynu_api_refusals_and_a_domain_that_is_made(caller, dynu):
    wrong = updated(caller, dynu_record("example.freeddns.org"), dynu_api(dynu, "wrong"))
    assert (*said(wrong), wrong.account) == ("stop", "ddns.badauth", True)
    assert said(updated(caller, dynu_record("other.example"), dynu_api(dynu))) == ("stop", "ddns.nohost")
    made = dynu_record("@", zone="new.example", force_create_zone=True)
    assert updated(caller, made, dynu_api(dynu)).kind == "done"
    assert "new.example" in {each["name"] for each in dynu.domains.values()}


@pytest.fixture
def afraid(authority):
    with Afraid(authority) as server:
        yield server


def test_afraid_by_user_name_and_by_token(caller, afraid):
    record = DdnsRecord(name="a", provider="afraid", record_name="otp.mooo.com")
    account = AfraidSection(endpoint=afraid.url("/nic/update"), username="budi", password=Secret("rahasia"))
    token = AfraidSection(endpoint=afraid.url("/u"), password=Secret(afraid.token))
    assert [updated(caller, record, each).key for each in (account, account, token)] == [
        "ddns.good",
        "ddns.nochg",
        "ddns.nochg",
    ]
    assert updated(caller, record, token, "198.51.100.8").key == "ddns.good"
    assert afraid.held == "198.51.100.8"
    wrong = AfraidSection(endpoint=afraid.url("/nic/update"), username="budi", password=Secret("falsch"))
    other = AfraidSection(endpoint=afraid.url("/u"), password=Secret("no/such?token"))
    assert [said(updated(caller, record, each)) for each in (wrong, other)] == [("stop", "ddns.afraid_unknown")] * 2
    assert "authorization" not in afraid.asked[-1].headers


@pytest.fixture
def cloudflare(authority):
    with Cloudflare(authority, "example.com") as server:
        yield server


def cloudflare_account(server, **values):
    usual = {} if "email" in values else {"token": Secret(server.token)}
    return CloudflareSection(endpoint=server.url("/client/v4"), **usual | values)


def cloudflare_record(name="otp", zone="example.com", **values):
    return DdnsRecord(name="a", zone=zone, record_name=name, **values)


def test_cloudflare_makes_changes_and_leaves_alone(caller, cloudflare):
    cloudflare.put("example.com", type="TXT", name="otp.example.com", content="v=spf1", ttl=1, proxied=False)
    account = cloudflare_account(cloudflare)
    steps = [
        ({}, V4, "ddns.good", ["GET", "GET", "POST"]),
        ({}, V4, "ddns.nochg", ["GET", "GET"]),
        ({"ttl": 300}, V4, "ddns.good", ["GET", "GET", "PATCH"]),
        ({"ttl": 300, "proxied": True}, V4, "ddns.good", ["GET", "GET", "PATCH"]),
        ({"proxied": True}, "198.51.100.8", "ddns.good", ["GET", "GET", "PATCH"]),
        ({"type": "AAAA"}, V6, "ddns.good", ["GET", "GET", "POST"]),
    ]
    for values, address, key, methods in steps:
        began = len(cloudflare.asked)
        assert updated(caller, cloudflare_record(**values), account, address).key == key
        assert [each.method for each in cloudflare.asked[began:]] == methods
    name = {"name": "otp.example.com"}
    assert cloudflare.held() == [
        {"type": "TXT", "content": "v=spf1", "ttl": 1, "proxied": False, **name},
        {"type": "A", "content": "198.51.100.8", "ttl": 1, "proxied": True, **name},
        {"type": "AAAA", "content": V6, "ttl": 1, "proxied": False, **name},
    ]


def test_cloudflare_by_key_and_email(caller, cloudflare):
    email, key = cloudflare.key
    account = cloudflare_account(cloudflare, email=email, api_key=Secret(key))
    assert updated(caller, cloudflare_record("@"), account).key == "ddns.good"
    assert cloudflare.held()[0]["name"] == "example.com"


def test_cloudflare_credentials_that_are_refused(caller, cloudflare):
    accounts = (
        cloudflare_account(cloudflare, token=Secret("wrong")),
        cloudflare_account(cloudflare, email="x@example.com", api_key=Secret("wrong")),
    )
    for account in accounts:
        verdict = updated(caller, cloudflare_record(), account)
        assert (*said(verdict), verdict.account) == ("stop", "ddns.cloudflare_denied", True)
    assert updated(caller, cloudflare_record(), accounts[0]).params == {"reason": "Invalid API Token"}


def test_cloudflare_zones(caller, cloudflare):
    account = cloudflare_account(cloudflare, account_id="0" * 32)
    missing = cloudflare_record(zone="new.example")
    assert said(updated(caller, missing, account)) == ("stop", "ddns.no_zone")
    made = cloudflare_record(zone="new.example", force_create_zone=True)
    verdict = updated(caller, made, account)
    assert said(verdict) == ("done", "ddns.zone_pending")
    assert verdict.params["servers"] == "ada.ns.cloudflare.com, bob.ns.cloudflare.com"
    posted = next(each for each in cloudflare.asked if each.method == "POST")
    assert posted.json == {"name": "new.example", "type": "full", "account": {"id": "0" * 32}}
    taken = cloudflare_record(zone="taken.example", force_create_zone=True)
    assert said(updated(caller, taken, account)) == ("stop", "ddns.zone_elsewhere")
    refused = updated(
        caller, cloudflare_record(zone="x.example", force_create_zone=True), cloudflare_account(cloudflare)
    )
    assert (refused.key, refused.params) == ("ddns.refused", {"reason": "account is required (1067)"})


def test_cloudflare_leaves_several_records_alone(caller, cloudflare):
    for last in (1, 2):
        cloudflare.put("example.com", type="A", name="otp.example.com", content=f"192.0.2.{last}", ttl=1, proxied=False)
    before = cloudflare.held()
    assert said(updated(caller, cloudflare_record(), cloudflare_account(cloudflare))) == ("pause", "ddns.several")
    assert cloudflare.held() == before
