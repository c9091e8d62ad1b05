"""The records that prove a name (RFC 8555 §8.4), at Cloudflare. Pure: steps as `otpbroker.ddns.cloudflare` has them."""

from typing import Final

from msgspec import Struct

from otpbroker.ddns.cloudflare import Api, Steps

MARK: Final = "OTP Broker: proof for a certificate"
TTL_S: Final = 60


class Proof(Struct, frozen=True):
    """A record that was put: where it is, and who answers for its zone."""

    host: str
    value: str
    path: str
    name_servers: tuple[str, ...]


def host_of(name: str) -> str:
    """Where a name, or all below it, is proved."""
    return f"_acme-challenge.{name.removeprefix('*.').lower()}"


def clear(api: Api, host: str) -> Steps[None]:
    """Take away what an earlier try has left. Records of others stay."""
    zone = yield from api.zone_above(host)
    for record in (yield from api.records(zone["id"], host, "TXT")):
        if record.get("comment") == MARK:
            yield from api.call("DELETE", f"/zones/{zone['id']}/dns_records/{record['id']}")


def put(api: Api, host: str, value: str) -> Steps[Proof]:
    zone = yield from api.zone_above(host)
    wanted = {"type": "TXT", "name": host, "content": f'"{value}"', "ttl": TTL_S, "comment": MARK}
    path = f"/zones/{zone['id']}/dns_records"
    made = yield from api.made(path, wanted)
    servers = zone.get("name_servers")
    named = tuple(map(str, servers)) if isinstance(servers, list) else ()
    return Proof(host, value, f"{path}/{made['id']}", named)


def remove(api: Api, proof: Proof) -> Steps[None]:
    yield from api.call("DELETE", proof.path)
