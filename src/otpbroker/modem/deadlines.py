"""How long a modem may take, in seconds."""

from msgspec import Struct


class Deadlines(Struct, frozen=True, kw_only=True):
    """`prompt_s` for `> `, on top of ten times what the modem takes to answer AT. `final_s` for the result of a text:
    the in-doubt policy decides at 35 s at the latest.

    `restart_s` for a modem to answer again after AT+CFUN=1,1; `stand_by_s` between two looks at one that waits for a
    hand; `health_s` between two looks at an idle one, `search_s` while it is not registered; `retry_s` until a given up
    one is tried again, doubling up to `longest_retry_s`.
    """

    prompt_s: float = 3.0
    final_s: float = 30.0
    restart_s: float = 20.0
    stand_by_s: float = 15.0
    health_s: float = 60.0
    search_s: float = 3.0
    retry_s: float = 60.0
    longest_retry_s: float = 600.0
