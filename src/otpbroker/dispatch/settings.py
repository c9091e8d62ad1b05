"""The settings dispatch lives by."""

from msgspec import Struct

from otpbroker.config.sections.general import GeneralSection
from otpbroker.config.sections.modems import ModemsSection
from otpbroker.config.sections.sms import LimitsSection, SmsSection


class Settings(Struct, frozen=True):
    modems: ModemsSection
    sms: SmsSection
    limits: LimitsSection
    general: GeneralSection
