"""Orders of certificates, which take minutes: a thread each, beside the changes of settings."""

import logging
import threading
from typing import Final

from otpbroker.apply.acme import Ordering
from otpbroker.errors import BrokerError
from otpbroker.ipc.connection import Reply
from otpbroker.texts import translate
from otpbroker.verbs.acme import OrderCertificate, Ordered

_LOG: Final = logging.getLogger(__name__)


class Orders:
    """One that ends with the process is ordered again when it is due."""

    def __init__(self, ordering: Ordering) -> None:
        self._ordering = ordering

    def take(self, verb: OrderCertificate, reply: Reply) -> None:
        """Raises `BrokerError` at once where the settings do not suffice."""
        if not verb.renewal:
            self._ordering.check()
        threading.Thread(target=self._run, args=(verb, reply if verb.wait else None), name="order", daemon=True).start()
        if not verb.wait:
            reply.result(Ordered(key="acme.begun"))

    def _run(self, verb: OrderCertificate, reply: Reply | None) -> None:
        try:
            done = self._ordering.order(verb)
        except BrokerError as error:
            _LOG.warning("no certificate: %s", translate(error.key, error.params))
            if reply is not None:
                reply.error(error)
        else:
            if reply is not None:
                reply.result(done)
