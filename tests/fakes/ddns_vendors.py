"""The vendors of DDNS as they document themselves, on loopback, over TLS: each keeps what it was asked and holds.

Written from No-IP's and Dynu's protocol pages, Dynu's and Cloudflare's API references and FreeDNS's own answers.
"""

import base64
import ipaddress
import itertools
import json
import re
import threading
from http.server import BaseHTTPRequestHandler
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from fakes.called_server import CalledServer

AGENT = re.compile(r"\S.* [^ /]+/[^ /]+ [^ @]+@[^ @]+")  # Company DeviceName-Model/Version contact@example.com


class Asked(NamedTuple):
    method: str
    path: str
    query: dict
    headers: dict
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def credentials(self):
        kind, _, given = self.headers.get("authorization", "").partition(" ")
        return tuple(base64.b64decode(given).decode().split(":", 1)) if kind == "Basic" else ("", "")


class VendorServer:
    """`answer(asked)` gives status, text and perhaps headers. What is in `ordered` comes first: a test's faults."""

    name, at = "localhost", ("127.0.0.1", 0)

    def __init__(self, authority):
        self.asked = []
        self.ordered = []
        self._news = threading.Condition()
        self._server = CalledServer(self.at, _Handler, self, authority, self.name)
        self.port = self._server.port

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._server.stop()

    def url(self, path=""):
        return f"https://{self.name}:{self.port}{path}"

    def came(self, asked):
        with self._news:
            told = self.ordered.pop(0) if self.ordered else self.answer(asked)
            self.asked.append(asked)
            self._news.notify_all()
            return told

    def until(self, count, timeout_s=10.0):
        with self._news:
            assert self._news.wait_for(lambda: len(self.asked) >= count, timeout_s), self.asked
            return list(self.asked)

    def answer(self, asked):
        raise NotImplementedError


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def _any(self):
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(self.command, parts.path, dict(parse_qsl(parts.query)), headers, body)
        status, text, *more = self.server.owner.came(asked)
        self.send_response(status)
        self.send_header("Content-Length", str(len(text.encode())))
        for name, value in (more[0] if more else {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text.encode())

    do_GET = do_POST = do_PATCH = do_DELETE = _any  # noqa: N815 - http.server calls them so

    def log_message(self, *_):
        pass


class PublicAddress(VendorServer):
    """Says `address`, as the services do that echo who asks."""

    def __init__(self, authority, address="198.51.100.7"):
        super().__init__(authority)
        self.address = address

    def answer(self, asked):
        return 200, f"{self.address}\n"


class NoIp(VendorServer):
    """`hosts` of the one account, each with its addresses by version; `blocked`: for abuse."""

    def __init__(self, authority, *hosts):
        super().__init__(authority)
        self.hosts = {host: {} for host in hosts}
        self.account = ("user@example.com", "geheim/+:x")
        self.blocked = False

    def answer(self, asked):
        if asked.credentials != self.account:
            return 401, "badauth\r\n", {"WWW-Authenticate": "Basic"}
        if self.blocked:
            return 200, "abuse\r\n"
        if not AGENT.fullmatch(asked.headers.get("user-agent", "")):
            return 200, "badagent\r\n"
        host = self.host_of(asked.query)
        if host not in self.hosts:
            return 200, "nohost\r\n"
        given = [asked.query.get(name) for name in ("myip", "myipv6")]
        addresses = [ipaddress.ip_address(each) for each in given if each not in (None, "no")]
        held = self.hosts[host]
        before = dict(held)
        held.update({each.version: str(each) for each in addresses})
        word = "nochg" if held == before else "good"
        return 200, f"{word} {','.join(map(str, addresses))}\r\n"

    def host_of(self, query):
        return query.get("hostname")


class Dynu(NoIp):
    """The IP update protocol at /nic/update, and the API below /v2 for `domain` and what is below it."""

    def __init__(self, authority, *hosts, domain="example.freeddns.org"):
        super().__init__(authority, *hosts)
        self.api_key = "A1b2C3d4"
        self.domains = {101: {"name": domain, "group": "kantor", "ttl": 90, "ipv4": True, "ipv6": True}}
        self.records = {}
        self._ids = itertools.count(500)

    def host_of(self, query):
        return ".".join(filter(None, (query.get("alias"), query.get("hostname"))))

    def answer(self, asked):
        if not asked.path.startswith("/v2"):
            return super().answer(asked)
        status, document = self._api(asked)
        return status, json.dumps(document | {"statusCode": status})

    def _api(self, asked):  # noqa: PLR0911 - a table of routes
        if asked.headers.get("api-key") != self.api_key:
            return 401, {"type": "Authentication Exception", "message": "Invalid."}
        match asked.method, *asked.path.split("/")[2:]:
            case "GET", "dns", "getroot", host:
                for number, domain in self.domains.items():
                    if host == domain["name"] or host.endswith(f".{domain['name']}"):
                        node = host.removesuffix(domain["name"]).rstrip(".")
                        return 200, {"id": number, "domainName": domain["name"], "hostname": host, "node": node}
            case "POST", "dns":
                self.domains[next(self._ids)] = asked.json
                return 200, {}
            case "GET", "dns", number if int(number) in self.domains:
                return 200, {"id": int(number), **self.domains[int(number)]}
            case "POST", "dns", number if int(number) in self.domains:
                self.domains[int(number)] = asked.json
                return 200, {}
            case "GET", "dns", number, "record":
                return 200, {"dnsRecords": [{"id": each, **held} for each, held in self.records.items()]}
            case "POST", "dns", number, "record", *which:
                self.records[int(which[0]) if which else next(self._ids)] = asked.json
                return 200, {}
        return 501, {"type": "Argument Exception", "message": "Invalid."}


class Afraid(VendorServer):
    """FreeDNS answers in sentences, and always with 200."""

    def __init__(self, authority, host="otp.mooo.com"):
        super().__init__(authority)
        self.host, self.account, self.token = host, ("budi", "rahasia"), "SDK9tmQWwc9Mt4kX"
        self.held = ""

    def answer(self, asked):
        if asked.path == "/nic/update":
            if asked.credentials != self.account or asked.query["hostname"] != self.host:
                return 200, (
                    "ERROR: Unable to locate this record (changed password recently? deleted and re-created this dns "
                    "entry?) (double check username/password are correct)\n"
                )
            return self._updated(asked.query["myip"], f"ERROR: Address {self.held} has not changed.\n")
        if asked.path == f"/u/{self.token}/":
            said = f"No IP change detected for {self.host} with IP {self.held}, skipping update\n"
            return self._updated(asked.query["address"], said)
        return 200, "Couldn't find any matching DNS records via randomkey method!\n"

    def _updated(self, address, same):
        if address == self.held:
            return 200, same
        before, self.held = self.held, address
        return 200, f"Updated {self.host} from {before} to {address} in 0.187 seconds\n"


class Cloudflare(VendorServer):
    """`zones` by id, each with its `records` by id. Answers as API v4: success, errors, messages, result."""

    def __init__(self, authority, *names):
        super().__init__(authority)
        self.token, self.key = "v1.0-token", ("admin@example.com", "0123456789abcdef0123456789abcdef01234")
        self._ids = (f"{number:032x}" for number in itertools.count(1))
        self.zones, self.records = {}, {}
        for name in names:
            self._make_zone(name, "active")
        self.elsewhere = {"taken.example"}

    def _make_zone(self, name, status):
        zone = {"id": next(self._ids), "name": name, "status": status, "type": "full"}
        zone["name_servers"] = ["ada.ns.cloudflare.com", "bob.ns.cloudflare.com"]
        self.zones[zone["id"]] = zone
        self.records[zone["id"]] = {}
        return zone

    def put(self, zone_name, **record):
        """A record that somebody made there."""
        (zone,) = (each for each in self.zones.values() if each["name"] == zone_name)
        number = next(self._ids)
        self.records[zone["id"]][number] = {"id": number, **record}

    def held(self):
        """Every record, without its id."""
        every = [each for records in self.records.values() for each in records.values()]
        return [{name: value for name, value in each.items() if name != "id"} for each in every]

    def answer(self, asked):
        status, errors, result = self._api(asked)
        document = {"success": not errors, "messages": [], "result": result}
        document["errors"] = [{"code": code, "message": message} for code, message in errors]
        return status, json.dumps(document)

    def _api(self, asked):  # noqa: PLR0911 - a table of routes
        by_key = (asked.headers.get("x-auth-email"), asked.headers.get("x-auth-key"))
        bearer = asked.headers.get("authorization", "")
        if not bearer and by_key == (None, None):
            return 400, [(9106, "Missing X-Auth-Key, X-Auth-Email or Authorization headers")], None
        if bearer and bearer != f"Bearer {self.token}":
            return 401, [(1000, "Invalid API Token")], None
        if not bearer and by_key != self.key:
            return 403, [(9103, "Unknown X-Auth-Key or X-Auth-Email")], None
        match asked.method, *asked.path.split("/")[3:]:
            case "GET", "zones":
                return 200, [], [each for each in self.zones.values() if each["name"] == asked.query.get("name")]
            case "POST", "zones":
                if asked.json["name"] in self.elsewhere:
                    return 400, [(1061, f"{asked.json['name']} already exists")], None
                if "account" not in asked.json:
                    return 400, [(1067, "account is required")], None
                return 200, [], self._make_zone(asked.json["name"], "pending")
            case method, "zones", zone, "dns_records", *which if zone in self.zones:
                return self._record(method, self.records[zone], which, asked)
        return 404, [(7003, f"Could not route to {asked.path}, perhaps your object identifier is invalid?")], None

    def _record(self, method, records, which, asked):
        if method == "GET":
            return 200, [], [each for each in records.values() if asked.query.items() <= each.items()]
        if which and which[0] not in records:
            return 404, [(81044, "Record does not exist.")], None
        if method == "DELETE":
            return 200, [], {"id": records.pop(which[0])["id"]}
        wanted = {"proxied": False, **(records[which[0]] if which else {}), **asked.json}
        if not (wanted["ttl"] == 1 or 60 <= wanted["ttl"] <= 86400):
            return 400, [(9021, "Invalid TTL. Must be between 60 and 86400 seconds, or 1 for Automatic.")], None
        same = ("type", "name", "content")
        if any(all(each[name] == wanted[name] for name in same) for each in records.values() if [each["id"]] != which):
            return 400, [(81058, "An identical record already exists.")], None
        number = which[0] if which else next(self._ids)
        records[number] = wanted | {"id": number}
        return 200, [], records[number]
