"""How every other process reaches otpb-mail."""

from pathlib import Path

from otpbroker.clients.peer import PeerClient


class MailClient(PeerClient):
    def __init__(self, socket_path: Path) -> None:
        super().__init__(socket_path, "mail")
