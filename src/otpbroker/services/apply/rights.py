"""Which of those who may connect may ask for what: a service that needs one thing of us is not given the rest."""

import pwd
from collections.abc import Callable, Mapping
from typing import Any, Final

from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.system.peercred import Peer
from otpbroker.verbs.acme import OrderCertificate
from otpbroker.verbs.apply import SetClock

_ONLY: Final[Mapping[str, Callable[[Any], bool]]] = {
    "otpb-clock": lambda verb: isinstance(verb, SetClock) and verb.source == "network",
    "otpb-certificate": lambda verb: isinstance(verb, OrderCertificate),
}


def _user(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return ""


def check(verb: object, peer: Peer, user: Callable[[int], str] = _user) -> None:
    """Raises `BrokerError` for what the process at the other end has no business with."""
    allows = _ONLY.get(user(peer.uid))
    if allows is not None and not allows(verb):
        raise BrokerError(ResponseCode.UNAUTHORIZED, "peer.refused")
