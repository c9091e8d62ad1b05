"""Settings of SMS in general, the limits against toll fraud, and one-time passwords."""

from typing import Final

from otpbroker.panel.desk import Desk
from otpbroker.panel.forms import Group
from otpbroker.panel.routes import Route
from otpbroker.panel.setting import Setting, SettingPages

SETTINGS: Final = (
    Setting(
        section="sms",
        path="/sms-settings",
        words="sms_settings",
        groups=(
            Group(
                "sms_settings.group_routing", ("routing", "resend_unknown", "suppress_across_doors", "transliterate")
            ),
            Group("sms_settings.group_numbers", ("country_code", "international_prefixes", "recipient_prefix_length")),
            Group("sms_settings.group_times", ("deadline_s", "lifetime_s")),
            Group("sms_settings.group_watching", ("log_sms", "monitor_sms")),
        ),
    ),
    Setting(
        section="limits",
        path="/limits",
        words="limits",
        groups=(
            Group("limits.group_one_number", ("per_number_hour", "per_number_day")),
            Group("limits.group_numbers", ("allowed_countries", "refuse_premium")),
            Group("limits.group_floods", ("per_user_second", "prefix_burst")),
        ),
    ),
    Setting(
        section="otp",
        path="/otp",
        words="otp",
        groups=(Group("otp.group", ("length", "lifetime_s", "attempts", "resend_s")),),
    ),
)


class SmsSettingPages:
    def __init__(self, desk: Desk) -> None:
        self._pages = [SettingPages(desk, setting) for setting in SETTINGS]

    def routes(self) -> list[Route]:
        return [route for pages in self._pages for route in pages.routes()]
