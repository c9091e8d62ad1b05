"""From an open port to a modem that can send: the init sequence (3GPP TS 27.005, 27.007).

What a modem may lack is asked for with little patience; what it must do is ATE0, CMGF=0 and a SIM that is ready.
"""

import contextlib
import re
from collections.abc import Callable

from msgspec import Struct, structs

from otpbroker.config.sections.modems import ModemSettings
from otpbroker.modem import facts, network_time, sim
from otpbroker.modem.asking import Asker
from otpbroker.modem.at import AtChannel, Refused, Silence
from otpbroker.modem.drivers import generic, quirks_of
from otpbroker.modem.drivers.quirks import Quirks
from otpbroker.modem.registration import Registration
from otpbroker.modem.sim import NotReady, PinMemory
from otpbroker.modem.status import Identity, ModemState

_CONTACT_ATTEMPTS = 4
_ESSENTIAL_S = 2.0


class Brought(Struct, kw_only=True):
    """A modem that is up: its quirks, what it answers, who it is, where it is registered."""

    quirks: Quirks
    asker: Asker
    identity: Identity
    registration: Registration
    operator: str = ""
    signal_dbm: int | None = None


def bring_up(
    at: AtChannel, settings: ModemSettings, memory: PinMemory, met: Callable[[Identity], None] = lambda _: None
) -> Brought:
    """`met` hears who it is, also where it then cannot be used.

    Raises `NotReady` for what needs a hand, `Silence` when it does not answer, and the port's own errors.
    """
    contact(at)
    at.urcs.clear()  # what it said while it booted is answered by all that follows
    asker = Asker(at)
    asker.ask("AT+CMEE=1")
    maker = facts.manufacturer(asker)
    quirks = _spoken(asker, quirks_of(maker))
    identity = Identity(manufacturer=maker, imei=facts.imei(asker))
    met(identity)
    if settings.imei and identity.imei and not same_imei(settings.imei, identity.imei):
        raise NotReady(ModemState.WRONG_MODEM, "modem.wrong_imei", imei=identity.imei)
    sim.unlock(asker, quirks, settings.id, settings.sim_pin, memory)
    _use_pdu_mode(at)
    identity = structs.replace(identity, smsc=_set_smsc(asker, settings.smsc))
    asker.ask('AT+CSCS="IRA"')  # another program may have left it at UCS2, and names and USSD come in it
    _push_indications(asker, quirks)
    asker.ask(network_time.FOLLOW)
    registration = Registration()
    registration.watch(asker)
    brought = Brought(
        quirks=quirks,
        asker=asker,
        identity=facts.read(asker, quirks, identity),
        registration=registration,
        operator=facts.operator(asker),
        signal_dbm=facts.signal_dbm(asker),
    )
    asker.up()
    return brought


def _spoken(asker: Asker, quirks: Quirks) -> Quirks:
    """A maker's own dialect where the modem speaks it; what only bears the name is treated as any other modem."""
    for command in quirks.init:
        if asker.ask(command) is None:
            return generic.QUIRKS
    return quirks


def contact(at: AtChannel) -> None:
    """Make it answer, leave a text prompt that an earlier program may have left open, and turn its echo off."""
    at.resync(_CONTACT_ATTEMPTS)
    at.echoes = True
    with contextlib.suppress(Refused, Silence):
        at.command("ATE0", "", _ESSENTIAL_S)
    with contextlib.suppress(Refused):  # an answer, too
        at.find_echo()


def same_imei(one: str, other: str) -> bool:
    """Whether two IMEIs name one device: the 15th digit is a check digit, a 16-digit IMEISV ends in a version."""
    return one[:14] == other[:14]


def _use_pdu_mode(at: AtChannel) -> None:
    try:
        at.command("AT+CMGF=0", "", _ESSENTIAL_S)
    except Refused:
        if _text_mode_only(at):
            raise NotReady(ModemState.NOT_A_MODEM, "modem.no_pdu_mode") from None
    except Silence:
        at.resync()


def _text_mode_only(at: AtChannel) -> bool:
    said = Asker(at).first("AT+CMGF?", "+CMGF:")
    return said == "1"


def _set_smsc(asker: Asker, wanted: str) -> str:
    """Write the SMS centre of the settings where the SIM's differs; the one that holds now."""
    current = facts.smsc(asker)
    if not wanted or _digits(current) == _digits(wanted):
        return current
    asker.ask(f'AT+CSCA="{wanted}",{145 if wanted.startswith("+") else 129}')
    return facts.smsc(asker) or current


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _push_indications(asker: Asker, quirks: Quirks) -> None:
    """Have incoming messages and reports announced at once; a modem that refuses all forms is looked at on request."""
    asker.ask("AT+CSMS=0")  # with 1, each report would have to be acknowledged or no more would come
    for command in quirks.cnmi:
        if asker.ask(command) is not None:
            return
