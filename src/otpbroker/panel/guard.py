"""Who says that they are an administrator: passwords checked, failures counted and written down, guessing stopped."""

from collections.abc import Iterable
from typing import Final, Protocol

from otpbroker.config import passwords
from otpbroker.config.sections.admins import Admin, usable
from otpbroker.panel.failures import Failed, Failures
from otpbroker.panel.formats import duration
from otpbroker.panel.refused import Refused
from otpbroker.panel.visit import Visit
from otpbroker.secrets import Secret
from otpbroker.system.throttle import WINDOW_S, Throttle, network
from otpbroker.verbs.audit import NOBODY
from otpbroker.web.hashing_slot import HashingSlot

_NO_HASH: Final = Secret()


class Note(Protocol):
    """`otpbroker.panel.desk.Desk.note`."""

    def __call__(self, by: str, action: str, subject: str = "", **params: str | int) -> None: ...


class Guard:
    def __init__(self, note: Note) -> None:
        self._slot = HashingSlot()
        self._throttle = Throttle()
        self._failures = Failures()
        self._note = note

    def is_right(self, visit: Visit, username: str, password: Secret, admin: Admin | None) -> bool:
        """Whether `password` is that of `admin`, who can sign in. `admin` None: there is nobody of that name; it costs
        and looks the same. Raises `Refused` 429 after too many failures of this address or under this name, and 1107
        while too many passwords are being checked.
        """
        keys = _keys(visit, username)
        refuse_locked(visit, self._throttle.wait_s(keys))
        stored = _NO_HASH if admin is None else admin.password_hash
        flight = f"{username}\0{password.reveal()}".encode(errors="replace")
        right = self._slot.run(flight, lambda: passwords.verify(password, stored))
        if right and usable(admin):
            self._throttle.forget(keys[1])
            self._tell(self._failures.over())
            return True
        self._tell(self._failures.count(visit.address))
        self._fail(visit, keys)
        return False

    def forget(self, username: str) -> None:
        """Who has shown a right code is not kept out by what others guessed."""
        self._throttle.forget(_user(username))

    def _fail(self, visit: Visit, keys: tuple[str, str]) -> None:
        self._throttle.failed(keys)
        if self._throttle.wait_s(keys) > 0:
            self._note(NOBODY, "audit.locked_out", visit.address, minutes=int(WINDOW_S / 60))

    def _tell(self, failed: Iterable[Failed]) -> None:
        for address, times in failed:
            self._note(NOBODY, "audit.sign_in_failed", address, count=times)


def refuse_locked(visit: Visit, wait_s: float) -> None:
    """Raises `Refused` 429 where there is something to wait for."""
    if wait_s > 0:
        raise Refused(429, "login.locked", retry_after_s=wait_s, wait=duration(int(wait_s) + 1, visit.words.language))


def _keys(visit: Visit, username: str) -> tuple[str, str]:
    return f"address {network(visit.address)}", _user(username)


def _user(username: str) -> str:
    return f"user {username[:64]}"
