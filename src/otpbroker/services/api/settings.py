"""What this service lives by, read as one unit."""

from typing import NamedTuple

from otpbroker.config.sections.api import ApiSection, ApiUser, ApiUsersSection
from otpbroker.config.sections.sms import SmsSection
from otpbroker.config.store import Store
from otpbroker.web.basic_auth import Account


class Settings(NamedTuple):
    api: ApiSection
    accounts: dict[str, Account]
    deadline_s: float


def load(store: Store) -> Settings:
    """Raises `BrokerError` where a section is not valid."""
    users = store.load(ApiUsersSection).api_users
    return Settings(
        store.load(ApiSection), {user.username: _account(user) for user in users}, store.load(SmsSection).deadline_s
    )


def _account(user: ApiUser) -> Account:
    return Account(user.username, user.password_hash, user.active and not user.blocked)
