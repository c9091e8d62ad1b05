"""otpb-dispatch: owns the modems, the queue and the state (DESIGN §2)."""

import os
import sys

from otpbroker.config.sections.general import GeneralSection
from otpbroker.config.sections.modems import ModemSettings, ModemsSection
from otpbroker.config.sections.otp import OtpSection
from otpbroker.config.sections.sms import LimitsSection, SmsSection
from otpbroker.config.store import Store
from otpbroker.dispatch.broker import Broker
from otpbroker.dispatch.internet import InternetDesk
from otpbroker.dispatch.ledger import Ledger
from otpbroker.dispatch.otp.desk import OtpDesk
from otpbroker.dispatch.owners import ModemOwners
from otpbroker.dispatch.pins import LedgerPinMemory
from otpbroker.dispatch.report.desk import ReportDesk
from otpbroker.dispatch.settings import Settings
from otpbroker.errors import BrokerError
from otpbroker.ipc.server import Server
from otpbroker.modem.discovery import Discovery
from otpbroker.modem.internet import InternetSide
from otpbroker.modem.lending import Lending
from otpbroker.modem.owner import ModemOwner
from otpbroker.modem.registry import Registry
from otpbroker.services.dispatch.handlers import Handlers
from otpbroker.system import options, service
from otpbroker.system.files import Paths, ensure_folder
from otpbroker.system.keys import Keys, device_key
from otpbroker.system.options import Options
from otpbroker.system.udev import Udev
from otpbroker.verbs.dispatch import DispatchVerb, FoundModem
from otpbroker.verbs.otp import OtpVerb
from otpbroker.verbs.report import ReportVerb

CLIENTS = "otpb-dispatch-clients"
_OWNER_END_S = 35.0


class Dispatch:
    """The running service."""

    def __init__(self, paths: Paths) -> None:
        state = ensure_folder(paths.state / "dispatch", mode=0o700)
        self._store = Store(paths)
        settings, otp = self._load()
        keys = Keys(device_key(state / "device.key"))
        # The bench's slow SD card: a flush takes this much longer.
        flush_delay_s = float(os.environ.get("OTPB_INJECT_FLUSH_S", "0"))
        self._ledger = Ledger(state / "state.sqlite", flush_delay_s=flush_delay_s)
        self._broker = Broker(self._ledger, keys, settings)
        pins = LedgerPinMemory(self._ledger, keys)

        self._registry = Registry(self._look_again)
        self._lending = Lending()

        def own(modem: ModemSettings) -> ModemOwner:
            locate, met = self._registry.locate, self._registry.learn
            side = InternetSide(self._lending, self._registry.beside)
            return ModemOwner(modem, self._broker, self._broker, pins=pins, locate=locate, met=met, internet=side)

        self._owners = ModemOwners(own)
        self._broker.places.owners = self._owners
        self._otp = OtpDesk(self._broker, keys, otp, settings.general.language)
        self._report = ReportDesk(state / "state.sqlite", self._ledger, settings)
        internet = InternetDesk(self._lending, self._broker.timers)
        self._handlers = Handlers(
            self._broker, self._ledger, self._otp, self._report, internet=internet, found=self._found
        )
        self._server = Server(paths.socket("dispatch"), DispatchVerb | OtpVerb | ReportVerb, self._handlers, CLIENTS)
        self._owners.configure(settings.modems.modems)
        udev = Udev.open("tty", ("usb", "usb_device"))
        self._discovery = Discovery(self._registry, udev) if udev else None
        if self._discovery is not None:
            self._discovery.start()
        self._server.start()

    def _found(self) -> list[FoundModem]:
        return self._registry.unconfigured(self._broker.fleet.settings.values())

    def _look_again(self) -> None:
        self._owners.rescan()

    def _load(self) -> tuple[Settings, OtpSection]:
        load = self._store.load
        settings = Settings(load(ModemsSection), load(SmsSection), load(LimitsSection), load(GeneralSection))
        return settings, load(OtpSection)

    def reload(self) -> None:
        try:
            settings, otp = self._load()
        except BrokerError as error:
            self._handlers.settings_error = error.key
            raise
        self._handlers.settings_error = ""
        self._broker.configure(settings)
        self._report.configure(settings)
        self._otp.configure(otp, settings.general.language)
        self._owners.configure(settings.modems.modems)
        self._lending.keep({modem.id for modem in settings.modems.modems})

    def stop(self) -> None:
        self._server.stop_listening()
        self._broker.drain(self._broker.sms.deadline_s)
        if self._discovery is not None:
            self._discovery.stop()
        self._otp.stop()
        self._report.stop()
        self._owners.stop(_OWNER_END_S)
        self._broker.tell_followers()
        self._server.stop()
        self._broker.close()
        self._ledger.close()


def main() -> int:
    paths = options.read(Options).paths
    return service.run("dispatch", lambda: Dispatch(paths))


if __name__ == "__main__":
    sys.exit(main())
