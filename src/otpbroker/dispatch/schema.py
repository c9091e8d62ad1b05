"""The tables of dispatch's state, without any text (DESIGN §4)."""

from pathlib import Path
from typing import Final

VERSION: Final = 1

CREATE: Final = """
CREATE TABLE IF NOT EXISTS messages (
  message_id TEXT PRIMARY KEY,
  accepted_at REAL NOT NULL,
  door TEXT NOT NULL,
  user TEXT NOT NULL,
  sender_key BLOB,
  idempotency_key BLOB,
  number_key INTEGER NOT NULL,
  masked TEXT NOT NULL,
  state TEXT NOT NULL,
  modem TEXT NOT NULL DEFAULT '',
  parts INTEGER NOT NULL,
  units INTEGER NOT NULL,
  reason TEXT NOT NULL DEFAULT '',
  latency_ms INTEGER,
  cost TEXT NOT NULL DEFAULT '',
  resent INTEGER NOT NULL DEFAULT 0,
  references_mr TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS messages_by_number ON messages (number_key, accepted_at);
CREATE INDEX IF NOT EXISTS messages_by_time ON messages (accepted_at);
CREATE INDEX IF NOT EXISTS messages_by_state ON messages (state, accepted_at);
CREATE INDEX IF NOT EXISTS messages_by_sender ON messages (sender_key) WHERE sender_key IS NOT NULL;
CREATE INDEX IF NOT EXISTS messages_by_idempotency ON messages (idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE TABLE IF NOT EXISTS block_list (msisdn TEXT PRIMARY KEY, blocked INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS modem_days (
  modem TEXT NOT NULL, day TEXT NOT NULL, sent INTEGER NOT NULL, PRIMARY KEY (modem, day)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS refused_pins (digest BLOB PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS modem_ports (imei TEXT PRIMARY KEY, by_path TEXT NOT NULL) WITHOUT ROWID;
PRAGMA user_version = 1;
"""

UPSERT: Final = """
INSERT INTO messages (message_id, accepted_at, door, user, sender_key, idempotency_key, number_key, masked, state,
                      modem, parts, units, resent)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (message_id) DO UPDATE SET state = excluded.state, modem = excluded.modem, resent = excluded.resent
"""

OUTCOME: Final = """
UPDATE messages SET state = ?, modem = ?, reason = ?, latency_ms = ?, cost = ?, resent = ?, references_mr = ?
WHERE message_id = ?
"""

_TOLD: Final = """message_id, accepted_at, door, user, masked, state, modem, parts, units, reason, latency_ms, cost,
  resent"""

# A message is delivered when the last of its parts is: each report strikes out its reference.
DELIVERED: Final = f"""
UPDATE messages SET state = CASE WHEN references_mr = ?1 THEN 'delivered' ELSE state END,
                    references_mr = replace(references_mr, ?1, ',')
WHERE message_id = (
  SELECT message_id FROM messages
  WHERE modem = ?2 AND number_key = ?3 AND accepted_at > ?4 AND state = 'submitted' AND instr(references_mr, ?1)
  ORDER BY accepted_at DESC LIMIT 1)
RETURNING {_TOLD}
"""  # noqa: S608 - a constant

NOT_DELIVERED: Final = f"""
UPDATE messages SET state = 'failed', references_mr = replace(references_mr, ?1, ','), reason = ?5
WHERE message_id = (
  SELECT message_id FROM messages
  WHERE modem = ?2 AND number_key = ?3 AND accepted_at > ?4 AND state = 'submitted' AND instr(references_mr, ?1)
  ORDER BY accepted_at DESC LIMIT 1)
RETURNING {_TOLD}
"""  # noqa: S608 - a constant

COUNT_SENT: Final = """
INSERT INTO modem_days (modem, day, sent) VALUES (?, ?, ?)
ON CONFLICT (modem, day) DO UPDATE SET sent = sent + excluded.sent
"""

FIND: Final = f"""
SELECT {_TOLD} FROM messages
"""  # noqa: S608 - a constant

# What a life that ended without goodbye leaves behind: queued was never given to a modem, sending is in doubt.
RECOVER: Final = (
    "UPDATE messages SET state = 'failed', reason = 'message.restarted' WHERE state = 'queued'",
    "UPDATE messages SET state = 'unknown', reason = 'message.in_doubt' WHERE state = 'sending'",
)

# The wall clock may be years ahead (no RTC): rows are old only when they are older than the newest one, too.
PRUNE: Final = """
DELETE FROM messages WHERE message_id IN (
  SELECT message_id FROM messages WHERE accepted_at < min(?, (SELECT max(accepted_at) FROM messages)) - ?
  ORDER BY accepted_at LIMIT ?)
"""


def uri(path: Path, way: str) -> str:
    """`path` as SQLite opens it in a certain way; what has a meaning in such a name is written in hexadecimal
    (https://www.sqlite.org/uri.html).
    """
    plain = str(path).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    return f"file:{plain}?{way}"
