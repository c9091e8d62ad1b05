"""What this service lives by, read as one unit."""

from typing import NamedTuple

from otpbroker.config.sections.general import GeneralSection
from otpbroker.config.sections.mail import EmailSection, SmtpSection
from otpbroker.config.store import Store


class Settings(NamedTuple):
    email: EmailSection = EmailSection()
    smtp: SmtpSection = SmtpSection()
    general: GeneralSection = GeneralSection()


def load(store: Store) -> Settings:
    """Raises `BrokerError` where a section is not valid."""
    return Settings(store.load(EmailSection), store.load(SmtpSection), store.load(GeneralSection))
