"""The panel's sentences: one module a page, each text as a pair, English and Indonesian.

Errors and all else that other processes say come from `otpbroker.texts`.
"""

from collections.abc import Mapping
from typing import Final

from otpbroker.panel.words import (
    access,
    account,
    acme,
    alarms,
    api,
    audit,
    backup,
    block_list,
    common,
    confirm,
    ddns,
    email,
    feeders,
    fields,
    firewall,
    forgot,
    general,
    inbox,
    internet,
    keystore,
    messages,
    modems,
    network,
    panel_settings,
    people,
    report,
    restart,
    route,
    send_email,
    sms,
    sms_settings,
    start,
    ussd,
    watching,
    webhooks,
)
from otpbroker.texts import Language, translate

Pairs = Mapping[str, tuple[str, str]]
MODULES: Final = (
    access,
    account,
    acme,
    alarms,
    api,
    audit,
    backup,
    block_list,
    common,
    confirm,
    ddns,
    email,
    feeders,
    fields,
    firewall,
    forgot,
    general,
    inbox,
    internet,
    keystore,
    messages,
    modems,
    network,
    panel_settings,
    people,
    report,
    restart,
    route,
    send_email,
    sms,
    sms_settings,
    start,
    ussd,
    watching,
    webhooks,
)
PAIRS: Final[dict[str, tuple[str, str]]] = {key: pair for module in MODULES for key, pair in module.WORDS.items()}
LANGUAGES: Final[tuple[Language, ...]] = ("en", "id")
_AT: Final[dict[Language, int]] = {"en": 0, "id": 1}


class Words:
    """The sentences of one language."""

    def __init__(self, language: Language) -> None:
        self.language = language

    def say(self, key: str, /, **params: str | int) -> str:
        """The sentence for `key`; an unknown key is shown as it is."""
        pair = PAIRS.get(key)
        if pair is None:
            return translate(key, params, self.language)
        return pair[_AT[self.language]].format(**params) if params else pair[_AT[self.language]]

    def may_say(self, key: str, /) -> str:
        """As `say`, but empty where there is nothing to say."""
        pair = PAIRS.get(key)
        return pair[_AT[self.language]] if pair else ""
