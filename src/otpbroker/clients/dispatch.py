"""How every other process reaches otpb-dispatch."""

from pathlib import Path

from otpbroker.clients.peer import PeerClient


class DispatchClient(PeerClient):
    def __init__(self, socket_path: Path) -> None:
        super().__init__(socket_path, "dispatch")
