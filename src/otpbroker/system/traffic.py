"""What has passed through a network interface since it is there, as the kernel counts it."""

from pathlib import Path

from msgspec import Struct


class Traffic(Struct, frozen=True, kw_only=True):
    """In octets."""

    received: int
    sent: int


def traffic(interface: str, root: Path = Path("/")) -> Traffic | None:
    """None where there is no such interface (any more)."""
    counted = root / "sys/class/net" / interface / "statistics"
    try:
        return Traffic(received=int((counted / "rx_bytes").read_text()), sent=int((counted / "tx_bytes").read_text()))
    except (OSError, ValueError):
        return None
