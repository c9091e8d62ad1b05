"""Somebody with a browser without scripts, over HTTP."""

import http.client
import re
from urllib.parse import urlencode

_TOKEN = re.compile(r'name="csrf" value="([^"]+)"')


class Person:
    """From an address of its own. `headers` are sent with each request."""

    def __init__(self, port, address="127.0.0.1", **headers):
        self._port = port
        self._address = address
        self._more = {name.replace("_", "-"): value for name, value in headers.items()}
        self._cookies = {}
        self.token = ""

    def get(self, path):
        return self._ask("GET", path)

    def post(self, path, **fields):
        return self._ask("POST", path, urlencode({"csrf": self.token, **fields}))

    def connection(self):
        return http.client.HTTPConnection("127.0.0.1", self._port, timeout=30, source_address=(self._address, 0))

    @property
    def headers(self):
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())} | self._more

    def _ask(self, method, path, body=None):
        """Status, where to, text."""
        connection = self.connection()
        headers = self.headers | {"Content-Type": "application/x-www-form-urlencoded"}
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self._cookies[key] = rest.partition(";")[0]
        connection.close()
        if token := _TOKEN.search(text):
            self.token = token[1]
        return answer.status, answer.getheader("Location"), text

    def sign_in(self, username, password):
        self.get("/login")
        status, to, _ = self.post("/login", username=username, password=password)
        self.get("/account")
        return status, to
