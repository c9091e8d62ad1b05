"""Whom the accounts believe: one TLS context for each file of authorities, made when it is first needed."""

import ssl
import threading

from otpbroker.mail.failure import Failure
from otpbroker.mail.replies import Fault
from otpbroker.system.trust import client_tls


class Trusts:
    """Loading the system's authorities takes longer than a mail: once is enough."""

    def __init__(self) -> None:
        self._contexts: dict[str, ssl.SSLContext] = {}
        self._lock = threading.Lock()

    def of(self, ca_certificate: str) -> ssl.SSLContext:
        """Raises `Failure` where the file cannot be used."""
        with self._lock:
            if ca_certificate not in self._contexts:
                try:
                    self._contexts[ca_certificate] = client_tls(ca_certificate)
                except OSError:
                    raise Failure(Fault.ACCOUNT, "mail.ca_certificate", file=ca_certificate) from None
            return self._contexts[ca_certificate]
