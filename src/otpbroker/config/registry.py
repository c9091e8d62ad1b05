"""The settings sections: name, schema, and which services live by each."""

from dataclasses import dataclass
from typing import Final

from otpbroker.config.sections._base import Section
from otpbroker.config.sections.api import ApiSection, ApiUsersSection
from otpbroker.config.sections.general import GeneralSection
from otpbroker.config.sections.modems import ModemsSection
from otpbroker.config.sections.sms import LimitsSection, SmsSection


@dataclass(frozen=True, slots=True)
class SectionInfo:
    """`entry_key` names the field that tells the entries of a list section apart; empty for a plain section."""

    name: str
    kind: type[Section]
    services: tuple[str, ...]
    entry_key: str = ""


SECTIONS: Final[dict[str, SectionInfo]] = {
    info.name: info
    for info in (
        SectionInfo("general", GeneralSection, ("dispatch", "api")),
        SectionInfo("sms", SmsSection, ("dispatch", "api")),
        SectionInfo("limits", LimitsSection, ("dispatch",)),
        SectionInfo("modems", ModemsSection, ("dispatch",), "id"),
        SectionInfo("api", ApiSection, ("api",)),
        SectionInfo("api_users", ApiUsersSection, ("api",), "username"),
    )
}
BY_KIND: Final[dict[type[Section], SectionInfo]] = {info.kind: info for info in SECTIONS.values()}
