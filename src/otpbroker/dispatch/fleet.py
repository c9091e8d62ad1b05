"""The modems as routing sees them: settings, live status and what each has sent today. Held by the broker's lock."""

from decimal import Decimal
from typing import Final

from otpbroker.config.sections.general import GeneralSection
from otpbroker.config.sections.modems import ModemSettings
from otpbroker.config.sections.sms import SmsSection
from otpbroker.dispatch import schema
from otpbroker.dispatch.ledger import Ledger
from otpbroker.dispatch.router import Candidate, Choice, choose, plain
from otpbroker.dispatch.tariff import Tariff, next_step, price_of
from otpbroker.modem.status import ModemState, ModemStatus
from otpbroker.system.clock import day_of, wall_s
from otpbroker.verbs.dispatch import ModemFacts

_QUARTER_S: Final = 900  # every time zone's midnight falls on a quarter of an hour
_CACHED_ROUTES: Final = 10_000


class Fleet:
    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self.settings: dict[str, ModemSettings] = {}
        self._tariffs: dict[str, tuple[Tariff, ...]] = {}
        self._statuses: dict[str, ModemStatus] = {}
        self._sent_today: dict[str, int] = {}
        self._sent_month: dict[str, int] = {}
        self._sms = SmsSection()
        self._time_zone = "UTC"
        self._quarter = -1
        self._day = ""
        self._routes: dict[str, Choice] = {}
        self._prefix_digits = 0

    def configure(self, modems: tuple[ModemSettings, ...], sms: SmsSection, general: GeneralSection) -> None:
        self.settings = {modem.id: modem for modem in modems}
        self._tariffs = {modem.id: tuple(Tariff.parse(t) for t in modem.tariffs) for modem in modems}
        self._statuses = {modem.id: self._statuses.get(modem.id, ModemStatus()) for modem in modems}
        self._sms = sms
        self._time_zone = general.time_zone
        self._quarter = -1
        typed = [len(prefix) for modem in modems for prefix in modem.recipient_prefix]
        priced = [len(tariff.prefix) for tariffs in self._tariffs.values() for tariff in tariffs]
        self._prefix_digits = max([*typed, *priced], default=0)
        self._routes.clear()

    def status(self, modem: str) -> ModemStatus:
        return self._statuses.get(modem, ModemStatus())

    def set_status(self, modem: str, status: ModemStatus) -> None:
        if modem in self.settings:
            self._statuses[modem] = status
            self._routes.clear()

    def is_active(self, modem: str) -> bool:
        return modem in self.settings and self.settings[modem].active

    def is_ready(self, modem: str) -> bool:
        return self.is_active(modem) and self.status(modem).state is ModemState.READY

    def ready(self) -> int:
        return sum(map(self.is_ready, self.settings))

    # -- routing ------------------------------------------------------------------------------------------------

    def choice(self, msisdn: str) -> Choice:
        """The chosen set for a number; asked for each message, so answers are kept until something changes."""
        self._turn_day()
        start = msisdn[: self._prefix_digits]
        found = self._routes.get(start)
        if found is None:
            if len(self._routes) >= _CACHED_ROUTES:
                self._routes.clear()
            found = self._routes[start] = choose(msisdn, self.candidates(), self._sms.routing)
        return found

    def choice_without(self, msisdn: str, excluded: tuple[str, ...]) -> Choice:
        """The chosen set when some modems have failed this message already."""
        if not excluded:
            return self.choice(msisdn)
        left = [c for c in self.candidates() if c.id not in excluded]
        return choose(msisdn, left, self._sms.routing)

    def candidates(self) -> list[Candidate]:
        self._turn_day()
        return [self._candidate(modem) for modem in self.settings.values()]

    def _candidate(self, modem: ModemSettings) -> Candidate:
        obstacle, params = self._obstacle(modem)
        return Candidate(
            modem.id,
            modem.recipient_prefix,
            modem.default_modem,
            self._tariffs[modem.id],
            self._sent_today.get(modem.id, 0),
            obstacle,
            params,
        )

    def _obstacle(self, modem: ModemSettings) -> tuple[str, dict[str, str | int]]:
        if not modem.active:
            return "route.inactive", {}
        if not modem.sms_api:
            return "route.sms_api_off", {}
        status = self.status(modem.id)
        if status.state is not ModemState.READY:
            return status.reason or f"modem.state.{status.state.value}", status.params
        if modem.quota_day and self._sent_today.get(modem.id, 0) >= modem.quota_day:
            return "route.quota_day", {"quota": modem.quota_day}
        if modem.quota_month and self._sent_month.get(modem.id, 0) >= modem.quota_month:
            return "route.quota_month", {"quota": modem.quota_month}
        return "", {}

    # -- counting -----------------------------------------------------------------------------------------------

    def price(self, modem: str, msisdn: str, parts: int) -> str:
        """What a message costs on this modem as things stand, empty where no tariff says."""
        price = self.part_price(modem, msisdn)
        return "" if price is None else plain(price * parts)

    def part_price(self, modem: str, msisdn: str) -> Decimal | None:
        tariffs = self._tariffs.get(modem, ())
        return price_of(msisdn, tariffs, self._sent_today.get(modem, 0)) if tariffs else None

    def count(self, modem: str, parts: int) -> bool:
        """SMS that the network took, a concatenated one by its parts; True when that changes who takes what."""
        self._turn_day()
        before = self._sent_today.get(modem, 0)
        self._sent_today[modem] = before + parts
        self._sent_month[modem] = self._sent_month.get(modem, 0) + parts
        self._ledger.write(schema.COUNT_SENT, (modem, self._day, parts))
        crossed = self._crosses(modem, before)
        if crossed:
            self._routes.clear()
        return crossed

    def _crosses(self, modem: str, before: int) -> bool:
        """Whether a quota is used up or a promotional price begins or ends with what was just counted."""
        settings = self.settings.get(modem)
        if settings is None:
            return False
        step = next_step(self._tariffs[modem], before)
        return (
            (step is not None and self._sent_today[modem] >= step)
            or 0 < settings.quota_day <= self._sent_today[modem]
            or 0 < settings.quota_month <= self._sent_month[modem]
        )

    def _turn_day(self) -> None:
        """Counts live in memory; the ledger, which may lag behind, is read when a day or a month begins."""
        quarter = int(wall_s() // _QUARTER_S)
        if quarter == self._quarter:
            return
        self._quarter = quarter
        before, self._day = self._day, day_of(wall_s(), self._time_zone)
        if before == self._day:
            return
        self._sent_today = self._sums("day = ?", self._day)
        if before[:7] != self._day[:7]:
            self._sent_month = self._sums("substr(day, 1, 7) = ?", self._day[:7])
        self._routes.clear()

    def _sums(self, condition: str, day: str) -> dict[str, int]:
        query = f"SELECT modem, sum(sent) FROM modem_days WHERE {condition} GROUP BY modem"  # noqa: S608 - both conditions stand above
        return {modem: int(sent) for modem, sent in self._ledger.read(query, (day,))}

    # -- telling ------------------------------------------------------------------------------------------------

    def facts(self) -> list[ModemFacts]:
        self._turn_day()
        return [self._facts(modem) for modem in self.settings.values()]

    def _facts(self, modem: ModemSettings) -> ModemFacts:
        status = self.status(modem.id)
        identity = status.identity
        return ModemFacts(
            id=modem.id,
            name=modem.name,
            port=status.port or modem.port,
            active=modem.active,
            sms_api=modem.sms_api,
            default_modem=modem.default_modem,
            connected=status.connected,
            registered=status.registered,
            state=status.state.value if modem.active else ModemState.INACTIVE.value,
            reason=status.reason,
            params=status.params,
            imei=identity.imei or modem.imei,
            imsi=identity.imsi or modem.imsi,
            iccid=identity.iccid,
            msisdn=identity.msisdn or modem.msisdn,
            operator=status.operator,
            signal_dbm=status.signal_dbm,
            manufacturer=identity.manufacturer,
            model=identity.model,
            revision=identity.revision,
            smsc=identity.smsc or modem.smsc,
            sent_today=self._sent_today.get(modem.id, 0),
            sent_month=self._sent_month.get(modem.id, 0),
        )
