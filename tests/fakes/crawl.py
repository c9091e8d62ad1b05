"""An administrator's eyes without a browser: signed in over HTTP, through every page and every link."""

import gzip
import http.client
import re
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

_TOKEN = re.compile(r'name="csrf" value="([^"]+)"')


class Got(NamedTuple):
    status: int
    headers: dict
    octets: bytes

    @property
    def text(self):
        return self.octets.decode(errors="replace")

    @property
    def is_page(self):
        """A whole one: scripts ask for pieces."""
        html = self.headers.get("content-type", "").startswith("text/html")
        return self.status == 200 and html and b"<html" in self.octets


class _Links(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found += [value for name, value in attrs if name in ("href", "src", "hx-get") and value]


class Administrator:
    """`address` is `http://host:port`."""

    def __init__(self, address, *, language="en"):
        self._host = urlsplit(address).netloc
        self._line = http.client.HTTPConnection(self._host, timeout=20)
        self.cookies = {}
        self._language = language
        self.token = ""

    def close(self):
        self._line.close()

    def sign_in(self, username, password):
        self.get("/login")
        assert self.post("/login", {"username": username, "password": password}).status == 303

    def get(self, path):
        return self._ask("GET", path, None, {})

    def post(self, path, fields):
        body = urlencode({"csrf": self.token, **fields}, doseq=True)
        form = {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://{self._host}"}
        return self._ask("POST", path, body, form)

    def _ask(self, method, path, body, headers):
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = {"Cookie": cookies, "Accept-Language": self._language, "Accept-Encoding": "gzip", **headers}
        self._line.request(method, path, body, sent)
        answer = self._line.getresponse()
        for line in answer.headers.get_all("Set-Cookie") or ():
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        kept = {name.lower(): value for name, value in answer.getheaders()}
        if kept.get("content-type", "").startswith("text/event-stream"):
            octets = answer.read1(65536)
            self._line.close()
        else:
            octets = answer.read()
        if kept.get("content-encoding") == "gzip":
            octets = gzip.decompress(octets)
        got = Got(answer.status, kept, octets)
        if token := _TOKEN.search(got.text):
            self.token = token[1]
        return got

    def crawl(self, begin=("/",), alike=3, most=1000):
        """path → what is there, for everything that can be reached by links from `begin`; of pages that differ in the
        values of their query only, `alike` many.
        """
        seen, found, counts = set(), {}, {}
        waiting = list(begin)
        while waiting:
            path = waiting.pop(0)
            parts = urlsplit(path)
            kind = (parts.path, tuple(sorted(name for name, _ in parse_qsl(parts.query, keep_blank_values=True))))
            counts[kind] = counts.get(kind, 0) + (path not in seen)
            if path in seen or counts[kind] > alike:
                continue
            seen.add(path)
            assert len(found) < most, list(found)[-5:]
            found[path] = got = self.get(path)
            if got.is_page:
                waiting += self._links(path, got.text)
            elif got.status == 303:
                waiting.append(got.headers["location"])
        return found

    def _links(self, path, text):
        parser = _Links()
        parser.feed(text)
        for link in parser.found:
            parts = urlsplit(urljoin(f"http://{self._host}{path}", link))
            if parts.netloc == self._host:
                yield parts.path + (f"?{parts.query}" if parts.query else "")
