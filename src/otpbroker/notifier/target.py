"""Where a call goes. Pure."""

from typing import NamedTuple
from urllib.parse import urlsplit


class Target(NamedTuple):
    """`path` has the query with it."""

    secure: bool
    host: str
    port: int
    path: str

    @classmethod
    def of(cls, address: str) -> "Target":
        """Of an address in the form of `otpbroker.envelope.url.URL`."""
        parts = urlsplit(address)
        secure = parts.scheme == "https"
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return cls(secure, parts.hostname or "", parts.port or (443 if secure else 80), path)

    @property
    def authority(self) -> str:
        """The Host header: the port only where it is not the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.secure else 80) else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """What calls to one server have in common."""
        return f"{'https' if self.secure else 'http'}://{self.authority}"
