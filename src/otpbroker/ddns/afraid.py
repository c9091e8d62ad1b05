"""Afraid's FreeDNS: by user name and password, or by the token of an update URL of version 2. Pure.

Its answers are sentences; the beginning of each tells what it means.
"""

from typing import Final
from urllib.parse import quote

from otpbroker.config.sections.ddns import AfraidSection, DdnsRecord
from otpbroker.ddns import words
from otpbroker.ddns.exchange import Question, Told, Update, Verdict, with_query
from otpbroker.ddns.names import host_name
from otpbroker.ddns.noip import headers

ENDPOINT: Final = "https://freedns.afraid.org/nic/update"
BY_TOKEN: Final = {"A": "https://sync.afraid.org/u", "AAAA": "https://v6.sync.afraid.org/u"}
_SAME: Final = ("has not changed", "no ip change detected")
_UNKNOWN: Final = ("unable to locate this record", "invalid update url", "couldn't find any matching")


def update(record: DdnsRecord, account: AfraidSection, address: str) -> Update:
    told = yield _question(record, account, address)
    return verdict(told, address)


def _question(record: DdnsRecord, account: AfraidSection, address: str) -> Question:
    given = headers(account)
    if account.username:
        fields = {"hostname": host_name(record), "myip": address}
        return Question("GET", with_query(account.endpoint or ENDPOINT, **fields), given)
    del given["Authorization"]
    token = quote(account.password.reveal(), safe="")
    url = f"{(account.endpoint or BY_TOKEN[record.type]).rstrip('/')}/{token}/"
    return Question("GET", with_query(url, address=address), given)


def verdict(told: Told, address: str) -> Verdict:
    """What it says, else what the words of the protocol that it also answers say."""
    said = told.text.strip().lower()
    if said.startswith("updated"):
        return Verdict(kind="done", key="ddns.good", params={"address": address})
    if any(words_of_it in said for words_of_it in _SAME):
        return Verdict(kind="done", key="ddns.nochg", params={"address": address})
    if any(words_of_it in said for words_of_it in _UNKNOWN):
        return Verdict(kind="stop", key="ddns.afraid_unknown")
    return words.verdict(told, address)
