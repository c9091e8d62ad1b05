"""A ledger's file full of messages past."""

import itertools
import random
import sqlite3
from typing import NamedTuple

from otpbroker.dispatch import schema

STATES = ("submitted", "delivered", "failed", "expired", "unknown")
REASONS = {"failed": "modem.hung", "expired": "message.expired_in_queue", "unknown": "modem.silent_after_text"}
_INSERT = """
INSERT INTO messages (message_id, accepted_at, door, user, number_key, masked, state, modem, parts, units, reason,
                      latency_ms, cost) VALUES (?, ?, ?, 'shop', 1, ?, ?, ?, ?, 20, ?, ?, ?)
"""


class Past(NamedTuple):
    message_id: str
    accepted_at: float
    door: str = "rest"
    masked: str = "62812****666"
    state: str = "submitted"
    modem: str = "m0"
    parts: int = 1
    reason: str = ""
    latency_ms: int | None = 2000
    cost: str = "50"


def open_file(path):
    """The file as dispatch leaves it, for the messages to be put in."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.executescript(schema.CREATE)
    return connection


def put(connection, messages):
    connection.execute("BEGIN")
    connection.executemany(_INSERT, messages)
    connection.execute("COMMIT")


def many(count, *, until, days=90, modems=4, seed=1):
    """As a busy device would have them: most went out, in a few seconds, over `days` until `until`."""
    chance = random.Random(seed)
    doors = ("rest", "rest", "rest", "amqp", "websocket", "panel")
    prefixes = [f"628{number}" for number in range(11, 60)]
    for number in itertools.islice(itertools.count(), count):
        state = chance.choices(STATES, (30, 60, 6, 2, 2))[0]
        modem = chance.randrange(modems)
        yield Past(
            message_id=f"{chance.getrandbits(96):024x}",
            accepted_at=until - days * 86400 * number / count - chance.random(),
            door=chance.choice(doors),
            masked=f"{chance.choice(prefixes)}****{chance.randrange(1000):03d}",
            state=state,
            modem=f"m{modem}",
            parts=chance.choice((1, 1, 1, 2)),
            reason=REASONS.get(state, ""),
            latency_ms=int(1500 + chance.expovariate(1 / 900)),
            cost=("50", "100", "350", "")[modem % 4],
        )
