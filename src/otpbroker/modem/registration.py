"""Where the modem stands with the network (3GPP TS 27.007 §7.2, §10.1.20, §10.1.22)."""

from otpbroker.modem.asking import Asker
from otpbroker.modem.fields import fields, number
from otpbroker.modem.status import ModemState

_REGISTERED = frozenset({1, 5, 6, 7, 9, 10})  # home, roaming, both also as "SMS only" or without CSFB preference
_DENIED = 3
_CIRCUIT, _PACKET, _EPS = "+CREG:", "+CGREG:", "+CEREG:"


class Registration:
    """The newest <stat> of each domain. The circuit domain decides, as SMS belongs to it (§7.2 stat 6 and 7); the EPS
    domain counts too, for networks that have nothing else, and the packet domain only where no other answers.
    """

    def __init__(self) -> None:
        self._stats: dict[str, int] = {}

    def watch(self, asker: Asker) -> None:
        """Ask for a word on every change, then read."""
        for prefix in (_CIRCUIT, _EPS):
            asker.ask(f"AT{prefix[:-1]}=1")
        self.read(asker)

    def read(self, asker: Asker) -> None:
        for prefix in (_CIRCUIT, _EPS):
            for line in asker.ask(f"AT{prefix[:-1]}?", prefix) or ():
                self.take(line)
        if not self._stats:
            for line in asker.ask(f"AT{_PACKET[:-1]}?", _PACKET) or ():
                self.take(line)

    def take(self, line: str) -> bool:
        """Note what an answer `<n>,<stat>[,…]` or an unsolicited `<stat>[,<lac>,…]` says; False: it is neither."""
        for prefix in (_CIRCUIT, _EPS, _PACKET):
            if line.startswith(prefix):
                stat = _stat(fields(line, prefix))
                if stat is not None:
                    self._stats[prefix] = stat
                return True
        return False

    @property
    def state(self) -> ModemState:
        """`READY`, `SEARCHING` or `DENIED`; a modem that tells nothing is taken for registered."""
        deciding = self._stats.get(_CIRCUIT, self._stats.get(_EPS, self._stats.get(_PACKET, 1)))
        if deciding in _REGISTERED or self._stats.get(_EPS) in _REGISTERED:
            return ModemState.READY
        return ModemState.DENIED if deciding == _DENIED else ModemState.SEARCHING


def _stat(values: list[str]) -> int | None:
    if len(values) > 1 and len(values[1]) <= 2 and (stat := number(values[1])) is not None:
        return stat
    return number(values[0])
