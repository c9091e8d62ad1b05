"""Which queues a device takes from, by what its modems can send now (`otpb fleet declare` makes them). Pure."""

from collections import Counter
from typing import Final, NamedTuple

from otpbroker.config.sections.feeders import AmqpSection
from otpbroker.verbs.feeders import Sendable

LEFT_HEADER: Final = "x-otpb-left-ms"
RETRY_DELAY_S: Final = 5.0
PER_MODEM: Final = 2  # one at the modem, the next at hand
MORE: Final = 8  # taken beyond that at a time, where those in hand wait for another try
MOST_HELD: Final = 256
FALLBACK: Final = -10  # consumer priority of devices that would send at a foreign price


class Source(NamedTuple):
    """A consumer: its queue, how many messages it has in hand, its priority among others, and which of ours it is."""

    queue: str
    prefetch: int
    priority: int = 0
    number: int = 0


def sources(settings: AmqpSection, sendable: Sendable, prefix_length: int, held: int = 0) -> list[Source]:
    """What to consume.

    Alone: the one queue, by further consumers where `held` messages of it wait for another try (the number that one has
    in hand cannot be changed while it lives). In a fleet: the default queue, behind others where none of our modems is
    made for it, and a queue `STEM.CLASS` for each route class that our recipient prefixes touch.
    """
    if not sendable.modems:
        return []
    if not settings.fleet:
        more = -(-min(held, MOST_HELD) // MORE)
        extra = [Source(settings.queue, MORE, number=at + 1) for at in range(more)]
        return [Source(settings.queue, PER_MODEM * sendable.modems), *extra]
    general = Source(settings.queue, PER_MODEM * sendable.general)
    if not sendable.general:
        general = Source(settings.queue, PER_MODEM * sendable.modems, FALLBACK)
    by_class: Counter[str] = Counter()
    for prefix, modems in sendable.prefixes.items():
        for name in classes(prefix, prefix_length):
            by_class[name] += modems
    return [general, *(Source(f"{settings.queue}.{name}", PER_MODEM * n) for name, n in sorted(by_class.items()))]


def classes(prefix: str, length: int) -> list[str]:
    """The route classes of `length` digits in which numbers with `prefix` lie: a longer prefix is in one, a shorter one
    holds ten, or a hundred, of them; one shorter still holds too many to ask for.
    """
    missing = length - len(prefix)
    if missing <= 0:
        return [prefix[:length]]
    if missing > 2:
        return []
    return [prefix + str(tail).zfill(missing) for tail in range(10**missing)]
