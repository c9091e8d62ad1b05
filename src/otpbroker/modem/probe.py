"""Ask a port that nobody owns who is behind it."""

import contextlib
import logging
from typing import Final

from otpbroker.modem import facts
from otpbroker.modem.asking import Asker
from otpbroker.modem.at import AtChannel, Refused, Silence
from otpbroker.modem.port import LineSettings, Port, PortGone, PortStalled, PortUnavailable
from otpbroker.modem.status import Identity
from otpbroker.texts import translate

_LOG: Final = logging.getLogger(__name__)
_ATTEMPTS = 2


def probe(path: str) -> Identity | None:
    """Maker, model and IMEI; None when the port is taken, gone, or does not answer AT."""
    try:
        with Port.open(path, LineSettings()) as port:
            return _asked(AtChannel(port))
    except PortUnavailable as error:
        _LOG.info("%s is not asked: %s", path, translate(error.key, {}))
    except (PortGone, PortStalled, Silence):
        pass
    return None


def _asked(at: AtChannel) -> Identity:
    at.resync(_ATTEMPTS)
    with contextlib.suppress(Refused):
        at.command("ATE0")
    asker = Asker(at)
    return Identity(manufacturer=facts.manufacturer(asker), model=facts.bare(asker, "AT+CGMM"), imei=facts.imei(asker))
