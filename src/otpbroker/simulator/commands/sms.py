"""Short message commands (3GPP TS 27.005 §3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from otpbroker.simulator.commands.base import Handler, fields, fixed, numbers
from otpbroker.simulator.prompt import Prompt
from otpbroker.simulator.results import Final, cme, cms

if TYPE_CHECKING:
    from otpbroker.simulator.modem import SimulatedModem
    from otpbroker.simulator.store import Store, Stored


def _cmee(modem: SimulatedModem, value: str) -> list[str]:
    if value == "?":
        return [f"+CMEE: {modem.session.cmee}"]
    if value != "=?":
        modem.session.cmee = numbers(value)[0]
        return []
    return ["+CMEE: (0-2)"]


def _format(modem: SimulatedModem, value: str) -> list[str]:
    if value == "?":
        return [f"+CMGF: {int(modem.session.text_mode)}"]
    if value == "=?":
        return ["+CMGF: (0,1)"]
    modem.session.text_mode = numbers(value)[:1] == [1]
    return []


def _service(modem: SimulatedModem, value: str) -> list[str]:
    if value == "?":
        return [f"+CSMS: {modem.session.csms},1,1,1"]
    if value == "=?":
        return ["+CSMS: (0,1)"]
    modem.session.csms = numbers(value)[0]
    return ["+CSMS: 1,1,1"]


def _centre(modem: SimulatedModem, value: str) -> list[str]:
    if value == "?":
        return [f'+CSCA: "{modem.knobs.smsc}",145']
    if value != "=?":
        modem.knobs.smsc = fields(value)[0]
    return []


def _indications(modem: SimulatedModem, value: str) -> list[str]:
    if value == "?":
        return ["+CNMI: " + ",".join(map(str, modem.session.cnmi))]
    if value == "=?":
        return ["+CNMI: (0-2),(0-3),(0,2),(0-2),(0,1)"]
    given = numbers(value)
    modem.session.cnmi = (*given[:5], *modem.session.cnmi[len(given) :])
    return []


def _storages(modem: SimulatedModem, value: str) -> list[str]:
    if value == "=?":
        return ['+CPMS: ("SM","ME","SR"),("SM","ME"),("SM","ME")']
    if value != "?":
        chosen = [name.replace("MT", "ME") for name in fields(value)]
        if not set(chosen) <= modem.stores.keys():
            raise cms(302)
        first, second, third = (*chosen, *modem.session.stores[len(chosen) :])
        modem.session.stores = (first, second, third)
    used = [(name, modem.stores[name]) for name in modem.session.stores]
    if value == "?":
        return ["+CPMS: " + ",".join(f'"{name}",{len(store.slots)},{store.capacity}' for name, store in used)]
    return ["+CPMS: " + ",".join(f"{len(store.slots)},{store.capacity}" for _, store in used)]


def _send(modem: SimulatedModem, value: str) -> list[str] | Final:
    if value == "=?":
        return []
    if not modem.knobs.sim_present:
        raise cms(310)
    if modem.locked:
        raise cms(311 if modem.knobs.pin_tries else 316)
    if modem.knobs.take("busy"):
        raise cms(314)
    if modem.knobs.registration not in (1, 5):
        raise cms(331)
    if modem.session.text_mode:
        prompt = Prompt(number=fields(value)[0])
    elif value[1:].isdigit():
        prompt = Prompt(length=int(value[1:]))
    else:
        raise cms(304)
    modem.open_prompt(prompt)
    return Final("")


def _read_store(modem: SimulatedModem) -> Store:
    if modem.session.text_mode:
        raise cms(303)
    return modem.stores[modem.session.stores[0]]


def _shown(stored: Stored) -> str:
    return f"{stored.stat},,{stored.tpdu_length}\r\n{stored.pdu}"


def _list(modem: SimulatedModem, value: str) -> list[str]:
    if value == "=?":
        return ["+CMGL: (0-4)"]
    wanted = (numbers(value) or [0])[0]
    store = _read_store(modem)
    chosen = [slot for slot, stored in sorted(store.slots.items()) if wanted in (4, stored.stat)]
    return [f"+CMGL: {slot},{_shown(stored)}" for slot in chosen if (stored := store.read(slot))]


def _read(modem: SimulatedModem, value: str) -> list[str]:
    if value == "=?":
        return []
    stored = _read_store(modem).read(numbers(value)[0])
    if stored is None:
        raise cms(321)
    return [f"+CMGR: {_shown(stored)}"]


def _delete(modem: SimulatedModem, value: str) -> list[str]:
    store = modem.stores[modem.session.stores[0]]
    if value == "=?":
        return [f"+CMGD: (1-{store.capacity}),(0-4)"]
    slot, *flag = numbers(value)
    if not flag and not 1 <= slot <= store.capacity:
        raise cms(321)
    store.delete(slot, flag[0] if flag else 0)
    return []


def _acknowledge(modem: SimulatedModem, _value: str) -> list[str]:
    if modem.session.csms != 1:
        raise cms(340)
    return []


def _more(modem: SimulatedModem, value: str) -> list[str]:
    if value == "?":
        return [f"+CMMS: {modem.session.cmms}"]
    if value != "=?":
        modem.session.cmms = numbers(value)[0]
        return []
    return ["+CMMS: (0-2)"]


def _character_set(modem: SimulatedModem, value: str) -> list[str]:
    if value == "?":
        return [f'+CSCS: "{modem.session.scs}"']
    if value == "=?":
        return ['+CSCS: ("GSM","IRA","UCS2")']
    chosen = fields(value)[0].upper()
    if chosen not in ("GSM", "IRA", "UCS2"):
        raise cme(50)
    modem.session.scs = chosen
    return []


HANDLERS: dict[str, Handler] = {
    "+CMEE": _cmee,
    "+CMGF": _format,
    "+CSMS": _service,
    "+CSCA": _centre,
    "+CNMI": _indications,
    "+CPMS": _storages,
    "+CMGS": _send,
    "+CMGL": _list,
    "+CMGR": _read,
    "+CMGD": _delete,
    "+CNMA": _acknowledge,
    "+CMMS": _more,
    "+CSCS": _character_set,
    "+CSMP": fixed(),
    "+CSDH": fixed(),
}
