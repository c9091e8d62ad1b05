"""The words of the dyndns2 protocol, as No-IP and Dynu document them: which go on, which stop, which wait. Pure."""

from typing import Final

from otpbroker.ddns.exchange import PAUSE_S, Told, Verdict, not_understood, server_trouble

# https://www.noip.com/integrate/response, https://www.dynu.com/DynamicDNS/IP-Update-Protocol
_DONE: Final = {"good": "ddns.good", "nochg": "ddns.nochg"}
_OF_ACCOUNT: Final = frozenset({"badauth", "badagent", "!donator", "abuse", "blocked"})
_OF_RECORD: Final = frozenset({"nohost", "notfqdn", "numhost", "unknown", "!yours"})
_OUT_OF_ORDER: Final = frozenset({"911", "dnserr", "servererror"})
_SPOKEN: Final = {"!donator": "donator", "!yours": "nohost", "unknown": "nohost", "blocked": "abuse"}


def verdict(told: Told, address: str) -> Verdict:
    """Of the one line that one host gets. Words count whatever the HTTP status: badauth may come with 401."""
    words = told.text.strip().lower().split()
    word = words[0] if words else ""
    if word in _DONE:
        return Verdict(kind="done", key=_DONE[word], params={"address": words[1][:45] if words[1:] else address})
    if word in _OF_ACCOUNT | _OF_RECORD:
        return Verdict(kind="stop", key=f"ddns.{_SPOKEN.get(word, word)}", account=word in _OF_ACCOUNT)
    if word in _OUT_OF_ORDER:
        return Verdict(kind="pause", key="ddns.911", params={"word": word}, pause_s=PAUSE_S, account=True)
    if told.status in (401, 403):
        return Verdict(kind="stop", key="ddns.badauth", account=True)
    return server_trouble(told) or not_understood(told)
