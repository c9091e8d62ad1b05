"""How one record stands, and when it is to be updated. Pure; `wall` times are Unix seconds.

What is remembered outlives the process, so that a restart asks nobody again. A clock that jumps must neither hold a
record up for ever nor let it ask at once: what is left of a pause is never more than the pause.
"""

import random
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from otpbroker.ddns.exchange import Verdict

FIRST_S: Final = 60.0
LONGEST_S: Final = 3600.0
_RANDOM: Final = random.SystemRandom()


class Standing(Struct, frozen=True, kw_only=True):
    """`target` names what `address` was told to: record and account; `settings` all settings that a refusal is about.
    `stopped`: not asked until they change. The last answer is `key`, `params` at `answered`; after it nobody is asked
    for `pause_s`; `vendors`: because the vendor said so.
    """

    target: str = ""
    settings: str = ""
    address: str = ""
    updated: float = 0.0
    stopped: bool = False
    failures: int = 0
    key: str = ""
    params: dict[str, str | int] = {}
    answered: float = 0.0
    pause_s: float = 0.0
    vendors: bool = False


def settled(standing: Standing, target: str, settings: str) -> Standing:
    """With the settings as they are now: new ones end a stop and a pause, another target has no address yet."""
    if standing.target != target:
        return Standing(target=target, settings=settings)
    if standing.settings != settings:
        return replace(standing, settings=settings, stopped=False, failures=0, pause_s=0.0, vendors=False)
    return standing


def left_s(standing: Standing, wall: float) -> float:
    """How long nobody is to be asked."""
    return min(max(standing.answered + standing.pause_s - wall, 0.0), standing.pause_s)


def is_due(standing: Standing, address: str) -> bool:
    """Whether the vendor is to be told `address`, once nothing is to be waited for."""
    return not standing.stopped and standing.address != address


def after(standing: Standing, verdict: Verdict, address: str, wall: float) -> Standing:
    """With what the vendor said of `address`."""
    said = replace(standing, key=verdict.key, params=verdict.params, answered=wall, pause_s=verdict.pause_s)
    match verdict.kind:
        case "done":
            return replace(said, address=address, updated=wall, failures=0, stopped=False, vendors=False)
        case "stop":
            return replace(said, stopped=True, vendors=True)
        case "pause":
            return replace(said, failures=standing.failures + 1, vendors=True)
        case "retry":
            pause_s = max(verdict.pause_s, back_off_s(standing.failures))
            return replace(said, failures=standing.failures + 1, pause_s=pause_s, vendors=verdict.pause_s > 0)


def back_off_s(failures: int) -> float:
    """After so many failures before this one: a minute, then twice as long each time, an hour at most."""
    return min(FIRST_S * 2.0 ** min(failures, 10), LONGEST_S) * _RANDOM.uniform(0.9, 1.1)
