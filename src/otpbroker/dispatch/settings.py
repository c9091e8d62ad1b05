"""The settings dispatch lives by."""

from dataclasses import dataclass

from otpbroker.config.sections.general import GeneralSection
from otpbroker.config.sections.modems import ModemsSection
from otpbroker.config.sections.sms import LimitsSection, SmsSection


@dataclass(frozen=True, slots=True)
class Settings:
    modems: ModemsSection
    sms: SmsSection
    limits: LimitsSection
    general: GeneralSection
