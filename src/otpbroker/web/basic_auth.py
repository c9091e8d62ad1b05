"""HTTP Basic authentication (RFC 7617) that stays fast: one HMAC a request, scrypt once in five minutes."""

import base64
import binascii
import hmac
import os
import re
import threading
import time
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.secrets import Secret
from otpbroker.system.throttle import Throttle, network
from otpbroker.web.hashing_slot import HashingSlot

CACHE_S: Final = 300.0
CHALLENGE: Final = ("WWW-Authenticate", 'Basic realm="OTP Broker", charset="UTF-8"')
_HEADER: Final = re.compile(rb"[Bb][Aa][Ss][Ii][Cc] +([A-Za-z0-9+/]+={0,2})")
_NOBODY: Final = Secret()


class Account(NamedTuple):
    """`password_hash` as `otpbroker.config.passwords` makes it; `usable` is active and not blocked."""

    username: str
    password_hash: Secret
    usable: bool


class _Known:
    """Changed in place, never put back: a hit that races with new accounts must not revive what they dropped."""

    __slots__ = ("account", "expires")

    def __init__(self, account: Account, expires: float) -> None:
        self.account = account
        self.expires = expires


class BasicAuth:
    """Who asks. Verified credentials are remembered for five minutes from their last use, as an HMAC under a key of
    this process; they pass whatever others do. All else is counted, waits for the one hashing slot, and is answered
    alike.
    """

    def __init__(self, verify: Callable[[Secret, Secret], bool], clock: Callable[[], float] = time.monotonic) -> None:
        self._verify = verify
        self._clock = clock
        self._key = os.urandom(32)
        self._accounts: Mapping[str, Account] = {}
        self._known: dict[bytes, _Known] = {}
        self._lock = threading.Lock()
        self._slot = HashingSlot()
        self._throttle = Throttle(clock)
        self.failures = 0

    def replace_accounts(self, accounts: Mapping[str, Account]) -> None:
        """Take new accounts; what was remembered of a changed or deleted one is forgotten at once."""
        with self._lock:
            self._accounts = accounts
            self._known = {
                key: known
                for key, known in self._known.items()
                if accounts.get(known.account.username) == known.account
            }

    def user(self, header: bytes, address: str) -> str:
        """The name of the user that the Authorization `header` proves.

        Raises `BrokerError`: 1100 for anything but right credentials of a usable account, 1107 with `retry_after_s`
        after too many failures or while too many passwords are being checked.
        """
        key = hmac.digest(self._key, header, "sha256")
        known = self._known.get(key)
        now = self._clock()
        if known is not None and known.expires > now:
            known.expires = now + CACHE_S
            return known.account.username
        return self._check(key, header, address)

    def _check(self, key: bytes, header: bytes, address: str) -> str:
        credentials = _credentials(header)
        if credentials is None:
            raise unauthorized()
        username, password = credentials
        keys = (f"address {network(address)}", f"user {username}")
        self._refuse_throttled(keys)
        account = self._accounts.get(username)
        stored = account.password_hash if account else _NOBODY
        if not self._slot.run(key, lambda: self._verify(password, stored)) or account is None or not account.usable:
            self.failures += 1
            self._throttle.failed(keys)
            raise unauthorized()
        self._throttle.forget(keys[1])
        self._remember(key, account)
        return username

    def _refuse_throttled(self, keys: tuple[str, ...]) -> None:
        wait_s = self._throttle.wait_s(keys)
        if wait_s > 0:
            raise BrokerError(ResponseCode.LIMIT, "auth.too_many", retry_after_s=wait_s, seconds=int(wait_s) + 1)

    def _remember(self, key: bytes, account: Account) -> None:
        now = self._clock()
        with self._lock:
            if self._accounts.get(account.username) != account:
                return  # changed while the password was being checked
            self._known = {held: known for held, known in self._known.items() if known.expires > now}
            self._known[key] = _Known(account, now + CACHE_S)


def unauthorized() -> BrokerError:
    return BrokerError(ResponseCode.UNAUTHORIZED, "auth.required")


def _credentials(header: bytes) -> tuple[str, Secret] | None:
    """User name and password; None where the header is not Basic, not Base64, not UTF-8, or has no colon."""
    form = _HEADER.fullmatch(header)
    if form is None:
        return None
    try:
        username, colon, password = base64.b64decode(form[1], validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return (username, Secret(password)) if colon else None
