"""The relay as the settings want it: most devices never do, and never load what it needs."""

from pathlib import Path
from typing import TYPE_CHECKING

from otpbroker.config.sections.mail import SmtpSection
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.mail.postman import Postman

if TYPE_CHECKING:
    import ssl

    from otpbroker.mail.relay import Relay


class Listening:
    """`pem`, where that file is, holds the chain and key that the relay shows."""

    def __init__(self, postman: Postman, pem: Path) -> None:
        self._postman = postman
        self._pem = pem
        self._relay: Relay | None = None

    @property
    def address(self) -> str:
        return "" if self._relay is None else self._relay.listens_at

    def configure(self, smtp: SmtpSection) -> None:
        """Raises `BrokerError` where the port is not to be had or the certificate is none; all stays as it was."""
        wanted = smtp.active and smtp.relay_username and smtp.relay_password
        if not wanted and self._relay is None:
            return
        from otpbroker.mail.relay import Plan, Relay  # noqa: PLC0415 - asyncio and aiosmtpd take 8 MB

        self._relay = self._relay or Relay(self._postman)
        self._relay.configure(Plan(smtp, self._tls()) if wanted else None)

    def _tls(self) -> "ssl.SSLContext | None":
        if not self._pem.exists():
            return None
        from otpbroker.system.trust import server_tls  # noqa: PLC0415 - as above

        try:
            return server_tls(self._pem)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise BrokerError(
                ResponseCode.FAILED, "mail.relay_certificate", file=self._pem.name, reason=reason
            ) from error

    def stop_listening(self) -> None:
        if self._relay is not None:
            self._relay.configure(None)

    def close(self) -> None:
        if self._relay is not None:
            self._relay.close()
