"""What the properties of an AMQP message say of its life and its past, and those of what we send. Pure."""

from typing import Any, Final

from pika import BasicProperties

from otpbroker.feeders.amqp.fleet import LEFT_HEADER, RETRY_DELAY_S
from otpbroker.feeders.amqp.octets import raw

_PERSISTENT: Final = 2
_CLOCK_SLACK_S: Final = 1.0  # a timestamp has whole seconds


def lifetime_s(properties: BasicProperties, now: float | None) -> float | None:
    """What is left of the message's `expiration` (milliseconds, also the one it had before it was dead-lettered, or
    what another device left of it); less the time since its `timestamp` where our clock can tell. None without one.
    """
    headers = properties.headers or {}
    given = headers.get(LEFT_HEADER)
    if given is None:
        given = properties.expiration or _before_dead_lettering(headers)
    if given is None or not str(given).isdecimal():
        return None
    life_s = int(given) / 1000
    stamp = properties.timestamp
    if LEFT_HEADER not in headers and now is not None and isinstance(stamp, int) and now - stamp >= 0:
        return max(0.0, life_s - max(0.0, now - stamp - _CLOCK_SLACK_S))
    return life_s


def _before_dead_lettering(headers: dict[str, Any]) -> str | None:
    deaths = headers.get("x-death")
    if not isinstance(deaths, list):
        return None
    return next((d["original-expiration"] for d in deaths if isinstance(d, dict) and "original-expiration" in d), None)


def tries(properties: BasicProperties) -> int:
    """How often it was given to somebody before: quorum queues count, classic ones do not."""
    count = (properties.headers or {}).get("x-delivery-count", 0)
    return count if isinstance(count, int) else 0


def retried(given: BasicProperties, left_s: float) -> BasicProperties:
    """Of a message that comes back after `RETRY_DELAY_S`, with what is left of its life then."""
    left_ms = max(1, int((left_s - RETRY_DELAY_S) * 1000))
    return _moved(given, {LEFT_HEADER: left_ms}, expiration=str(int(RETRY_DELAY_S * 1000)))


def buried(given: BasicProperties, reason: str) -> BasicProperties:
    """Of a message that nobody can use: as it was, with the reason, and without an end."""
    return _moved(given, {"x-otpb-reason": reason[:200]})


def _moved(given: BasicProperties, headers: dict[str, Any], expiration: str | None = None) -> BasicProperties:
    kept = {name: value for name, value in (given.headers or {}).items() if name != "x-death"}
    return BasicProperties(
        content_type=given.content_type,
        headers=kept | headers,
        delivery_mode=_PERSISTENT,
        correlation_id=given.correlation_id,
        reply_to=given.reply_to,
        message_id=given.message_id,
        expiration=expiration,
    )


def reply(correlation_id: str, device: str) -> BasicProperties:
    about = raw(correlation_id) or None
    return BasicProperties(content_type="application/json", correlation_id=about, app_id=device)
