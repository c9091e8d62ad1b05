"""From the settings to accounts that can be used."""

from collections.abc import Mapping

from otpbroker.config.sections.mail import EmailAccount
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.mail import address
from otpbroker.mail.account import Account, Fortune
from otpbroker.mail.kept import Kept
from otpbroker.mail.settings import Settings
from otpbroker.mail.trusts import Trusts
from otpbroker.system.timers import Timers


def accounts(settings: Settings, before: Mapping[str, Account], timers: Timers) -> dict[str, Account]:
    """By name. One whose settings stay as they were stays as it is, with its lines and its failures.

    Raises `BrokerError` where a sender is no address.
    """
    hello, trusts = settings.smtp.server_name, Trusts()
    made = {}
    for entry in settings.email.email:
        old = before.get(entry.name)
        if old is not None and (old.settings, old.hello) == (entry, hello):
            made[entry.name] = old
            continue
        fortune = Fortune() if old is None else Fortune(old.fortune.sent, old.fortune.failed)
        made[entry.name] = Account(entry, _sender(entry), hello, trusts, Kept(timers), fortune)
    return made


def _sender(entry: EmailAccount) -> address.Address:
    try:
        return address.parse(entry.sender)
    except BrokerError:
        raise BrokerError(ResponseCode.INVALID_REQUEST, "mail.sender", account=entry.name) from None
