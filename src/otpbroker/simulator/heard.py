"""The recorded submits as their recipients read them: texts, long ones joined from their parts."""

import collections
from collections.abc import Iterable

import msgspec

from otpbroker.simulator.modem import Submitted
from otpbroker.sms import submit
from otpbroker.sms.assemble import assemble
from otpbroker.sms.deliver import Deliver


class Heard(msgspec.Struct):
    """One message to `number`; `submits` are its parts' places in the record, `missing` the parts that never came."""

    modem: int
    number: str
    text: str
    submits: list[int]
    missing: list[int]


def heard(submits: Iterable[Submitted]) -> list[Heard]:
    """Messages in the order of their first part. Raises `PduError` where a submit cannot be read."""
    by_modem: dict[int, list[tuple[int, Deliver]]] = collections.defaultdict(list)
    for place, submitted in enumerate(submits):
        sent = submit.decode(submitted.pdu)
        # A recipient sees the submit's destination where a sender would stand: what belongs together is found alike.
        arrived = Deliver(sent.smsc, sent.tp_da, sent.tp_pid, sent.tp_dcs, None, sent.user_data)
        by_modem[submitted.modem].append((place, arrived))
    messages = [
        Heard(modem, message.tp_oa.value, message.text, message.keys, list(message.missing))
        for modem, parts in by_modem.items()
        for message in assemble(parts)
    ]
    return sorted(messages, key=lambda message: message.submits[0])
