"""Style sheets and scripts: ours, and those that npm brought (`panel/static/vendor`), read once."""

import hashlib
from pathlib import Path
from typing import Final

from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.panel.answers import Download
from otpbroker.panel.routes import Access, Handler, Route, get

FOLDER: Final = Path(__file__).parent / "static"
TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


class Assets:
    """Each file has an address with the digest of all of them in it, so that browsers keep it for good."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._files = {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.suffix in TYPES
        }
        digest = hashlib.sha256(b"".join(name.encode() + octets for name, octets in self._files.items()))
        self._prefix = f"/static/{digest.hexdigest()[:12]}/"

    def url(self, name: str) -> str:
        """The address of a file. Raises `BrokerError` where the build did not bring it."""
        if name not in self._files:
            raise BrokerError(ResponseCode.FAILED, "admin.asset_missing", name=name)
        return self._prefix + name

    def has(self, name: str) -> bool:
        return name in self._files

    def routes(self) -> list[Route]:
        return [get(self._prefix + name, self._answering(name), Access.ANYBODY) for name in self._files]

    def _answering(self, name: str) -> Handler:
        answer = Download(self._files[name], TYPES[Path(name).suffix], lasting=True)
        return lambda _visit: answer
