"""Where a call goes. Pure."""

import re
from typing import Final, NamedTuple

from otpbroker.envelope.url import URL

_URL: Final = re.compile(URL)


class Target(NamedTuple):
    """`path` has the query with it."""

    secure: bool
    host: str
    port: int
    path: str

    @classmethod
    def of(cls, address: str) -> "Target":
        """Of an address in the form of `otpbroker.envelope.url.URL`; its host may still be none that exists."""
        match = _URL.fullmatch(address)
        if match is None:
            raise ValueError("no such address passes the border")
        host, port, rest = match.groups()
        secure = address.startswith("https")
        path = (rest or "/").partition("#")[0]
        port_number = int(port.removeprefix(":")) if port else 443 if secure else 80
        return cls(secure, host.strip("[]").lower(), port_number, path if path.startswith("/") else "/" + path)

    @property
    def authority(self) -> str:
        """The Host header: the port only where it is not the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.secure else 80) else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """What calls to one server have in common."""
        return f"{'https' if self.secure else 'http'}://{self.authority}"
