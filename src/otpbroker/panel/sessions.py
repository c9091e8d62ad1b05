"""Who is signed in, in the memory of this process: opaque ids, of which only digests are kept."""

import hashlib
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

from otpbroker.secrets import Secret

MOST_SESSIONS: Final = 256
LONGEST_S: Final = 12 * 3600.0
_TOKEN_OCTETS: Final = 32


class Notice(NamedTuple):
    """A sentence shown once on the next page: a text key and its parameters."""

    kind: Literal["done", "hint", "failed"]
    key: str
    params: Mapping[str, str | int] = MappingProxyType({})


@dataclass(slots=True)
class Session:
    """`began_at` is Unix seconds, for people; what expires goes by the monotonic clock. `password_hash` is of the
    password that opened it. `kept` holds what was typed into secret fields of a form that is shown again.
    """

    id: str
    username: str
    address: str
    agent: str
    began_at: float
    began: float
    seen: float
    password_hash: Secret
    notices: list[Notice] = field(default_factory=list)
    kept: dict[str, Secret] = field(default_factory=dict)

    @property
    def seen_at(self) -> float:
        """As `began_at`."""
        return self.began_at + self.seen - self.began

    def take_notices(self) -> list[Notice]:
        """What is to be shown now, and never again."""
        notices, self.notices = self.notices, []
        return notices


class Sessions:
    """`idle_s` after its last request a session is over, in any case after twelve hours."""

    def __init__(self, idle_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.idle_s = idle_s
        self._clock = clock
        self._lock = threading.Lock()
        self._sessions: dict[str, Session] = {}

    def open(self, username: str, address: str, agent: str, password_hash: Secret) -> tuple[str, Session]:
        """A new session, and the token that the browser keeps for it."""
        token = secrets.token_urlsafe(_TOKEN_OCTETS)
        now = self._clock()
        session = Session(_digest(token), username, address, agent[:200], time.time(), now, now, password_hash)
        with self._lock:
            self._drop_over(now)
            if len(self._sessions) >= MOST_SESSIONS:
                del self._sessions[min(self._sessions, key=lambda each: self._sessions[each].seen)]
            self._sessions[session.id] = session
        return token, session

    def find(self, token: str, *, seen: bool = True) -> Session | None:
        """The session of `token`; None where it is over. `seen`: its owner does something now."""
        now = self._clock()
        with self._lock:
            session = self._sessions.get(_digest(token))
            if session is None or self._is_over(session, now):
                return None
            if seen:
                session.seen = now
            return session

    def holds(self, session: Session) -> bool:
        """Whether it is not over yet; being asked does not count as seen."""
        with self._lock:
            return self._sessions.get(session.id) is session and not self._is_over(session, self._clock())

    def of(self, username: str) -> list[Session]:
        """Those of one administrator, the last seen first."""
        now = self._clock()
        with self._lock:
            self._drop_over(now)
            found = [session for session in self._sessions.values() if session.username == username]
        return sorted(found, key=lambda session: -session.seen)

    def end(self, ids: set[str]) -> None:
        with self._lock:
            for each in ids:
                self._sessions.pop(each, None)

    def end_where(self, over: Callable[[Session], bool]) -> None:
        with self._lock:
            self._sessions = {each: session for each, session in self._sessions.items() if not over(session)}

    def _is_over(self, session: Session, now: float) -> bool:
        return now - session.seen > self.idle_s or now - session.began > LONGEST_S

    def _drop_over(self, now: float) -> None:
        self._sessions = {each: session for each, session in self._sessions.items() if not self._is_over(session, now)}


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
