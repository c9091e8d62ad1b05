"""Dynu: its IP update protocol, and its API version 2 (https://www.dynu.com/Support/API). Pure."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from otpbroker.config.sections.ddns import DdnsRecord, DynuSection
from otpbroker.ddns import words
from otpbroker.ddns.exchange import (
    Question,
    Told,
    Update,
    Verdict,
    entities,
    json_of,
    not_understood,
    server_trouble,
    short,
    with_query,
)
from otpbroker.ddns.names import host_name
from otpbroker.ddns.noip import headers

ENDPOINT: Final = "https://api.dynu.com/nic/update"
API: Final = "https://api.dynu.com/v2"
_TTL_S: Final = 120  # what Dynu gives a record where nothing is said
_KEPT: Final = ("name", "group", "ttl", "ipv4", "ipv6", "ipv4WildcardAlias", "ipv6WildcardAlias")
_ADDRESSES: Final = ("ipv4Address", "ipv6Address")


def update(record: DdnsRecord, account: DynuSection, address: str) -> Update:
    return _by_api(record, account, address) if account.api_version == 2 else _by_protocol(record, account, address)


def _by_protocol(record: DdnsRecord, account: DynuSection, address: str) -> Update:
    """A name below a domain is its alias. `no` leaves the address of the other family alone."""
    host, zone = host_name(record), record.zone.lower()
    name = {"hostname": zone, "alias": host.removesuffix(f".{zone}")} if zone and host != zone else {"hostname": host}
    v4 = record.type == "A"
    fields = {"myip": address, "myipv6": "no"} if v4 else {"myip": "no", "myipv6": address}
    told = yield Question("GET", with_query(account.endpoint or ENDPOINT, **name, **fields), headers(account))
    return words.verdict(told, address)


def _by_api(record: DdnsRecord, account: DynuSection, address: str) -> Update:
    api = _Api(account)
    root = yield api.get(f"/dns/getroot/{host_name(record)}")
    found = json_of(root)
    if _is_missing(root) and record.force_create_zone and record.zone:
        made = yield api.post("/dns", {"name": record.zone.lower(), _field(record): address, **_families()})
        if trouble := _trouble(made):
            return trouble
        root = yield api.get(f"/dns/getroot/{host_name(record)}")
        found = json_of(root)
    if trouble := _trouble(root):
        return trouble
    domain, node = found.get("id"), found.get("node") or ""
    if not isinstance(domain, int):
        return not_understood(root)
    if node:
        return (yield from _of_node(api, record, f"/dns/{domain}/record", str(node), address))
    return (yield from _of_domain(api, record, f"/dns/{domain}", address))


def _of_domain(api: "_Api", record: DdnsRecord, path: str, address: str) -> Update:
    """The domain's own addresses. What is not sent might be set back, so all is sent as it was."""
    told = yield api.get(path)
    if trouble := _trouble(told):
        return trouble
    now: Mapping[str, Any] = json_of(told)
    wanted = {_field(record): address, "ttl": record.ttl if record.ttl > 1 else now.get("ttl", _TTL_S)}
    if all(now.get(name) == value for name, value in wanted.items()):
        return Verdict(kind="done", key="ddns.nochg", params={"address": address})
    kept = {name: now[name] for name in (*_KEPT, *_ADDRESSES) if now.get(name) is not None}
    return _done((yield api.post(path, {**_families(), **kept, **wanted})), address)


def _of_node(api: "_Api", record: DdnsRecord, path: str, node: str, address: str) -> Update:
    """A record below the domain: there, or made."""
    told = yield api.get(path)
    if trouble := _trouble(told):
        return trouble
    records = entities(json_of(told).get("dnsRecords"))
    same = [each for each in records if (each.get("nodeName"), each.get("recordType")) == (node, record.type)]
    if len(same) > 1:
        return Verdict(kind="pause", key="ddns.several", params={"count": len(same)}, pause_s=3600.0)
    now: Mapping[str, Any] = same[0] if same else {}
    wanted = {
        "nodeName": node,
        "recordType": record.type,
        "ttl": record.ttl if record.ttl > 1 else now.get("ttl", _TTL_S),
        "state": True,
        _field(record): address,
    }
    if same and all(now.get(name) == value for name, value in wanted.items()):
        return Verdict(kind="done", key="ddns.nochg", params={"address": address})
    body = {"group": now.get("group") or "", **wanted}
    return _done((yield api.post(f"{path}/{now['id']}" if same else path, body)), address)


class _Api:
    def __init__(self, account: DynuSection) -> None:
        self._base = (account.endpoint or API).rstrip("/")
        agent = {"User-Agent": headers(account)["User-Agent"]}
        self._headers = {**agent, "Accept": "application/json", "API-Key": account.api_key.reveal()}

    def get(self, path: str) -> Question:
        return Question("GET", self._base + path, self._headers)

    def post(self, path: str, body: Mapping[str, object]) -> Question:
        return Question("POST", self._base + path, self._headers, msgspec.json.encode(body))


def _field(record: DdnsRecord) -> str:
    return _ADDRESSES[record.type == "AAAA"]


def _families() -> dict[str, object]:
    return {"ipv4": True, "ipv6": True}


def _status(told: Told) -> int:
    """Dynu puts one into the answer too, which says more than that of HTTP."""
    given = json_of(told).get("statusCode")
    return given if isinstance(given, int) else told.status


def _is_missing(told: Told) -> bool:
    """Dynu says 501 `Argument Exception` of a name that is not the account's."""
    return _status(told) in (404, 501) and told.status != 401


def _trouble(told: Told) -> Verdict | None:
    """None where it answered."""
    status = _status(told)
    if status == 200:
        return None
    if status in (401, 403):
        return Verdict(kind="stop", key="ddns.badauth", account=True)
    if _is_missing(told):
        return Verdict(kind="stop", key="ddns.nohost")
    message = json_of(told).get("message")
    if isinstance(message, str) and 400 <= status < 500 and status != 429:
        return Verdict(kind="stop", key="ddns.refused", params={"reason": short(message)})
    return server_trouble(told) or not_understood(told)


def _done(told: Told, address: str) -> Verdict:
    return _trouble(told) or Verdict(kind="done", key="ddns.good", params={"address": address})
