"""Answers that no standard knows: what reads them finds nothing in them, and never stumbles."""

import contextlib
from collections import deque

from hypothesis import given
from hypothesis import strategies as st

from otpbroker.modem import facts, sim, ussd
from otpbroker.modem.asking import Asker
from otpbroker.modem.drivers import generic
from otpbroker.modem.inbox import Inbox
from otpbroker.modem.registration import Registration
from otpbroker.modem.status import Identity
from otpbroker.modem.urcs import is_hex

VALUES = st.sampled_from(
    ["", "0", "1", "2", "99", "-1", "READY", '"', '""', '"SM"', "SIM PIN", "0A0B", "(", "8962101234567890123", "\xff"]
) | st.text(st.characters(codec="latin-1", exclude_characters="\r\n"), max_size=5)
TAILS = st.sampled_from(["", "1", "0A0B"]) | st.lists(VALUES, max_size=10).map(",".join)


class Answers:
    """Answers every command by lines of its own prefix and of hex digits, as `AtChannel.command` passes them on."""

    rtt_s = 0.0

    def __init__(self, tails):
        self.urcs = deque()
        self._tails = tails

    def command(self, text, prefix="", deadline_s=0.0):
        del text, deadline_s
        return [tail if is_hex(tail) or not prefix else f"{prefix}{tail}" for tail in self._tails]

    def pump(self, timeout_s):
        raise sim.NotReady(None, "the test waits for nothing")


@given(st.lists(TAILS, max_size=4))
def test_facts(tails):
    asker = Asker(Answers(tails))
    identity = facts.read(asker, generic.QUIRKS, Identity())
    assert all(character.isdigit() for character in identity.imsi + identity.iccid + identity.msisdn)
    assert len(facts.operator(asker)) <= 64
    facts.signal_dbm(asker)
    facts.smsc(asker)
    facts.imei(asker)


@given(st.lists(TAILS, max_size=6))
def test_inbox(tails):
    inbox = Inbox(Answers(tails), generic.QUIRKS)
    for message in inbox.read():
        assert message.key
    inbox.fullness(Asker(Answers(tails)))


@given(st.lists(TAILS, max_size=4))
def test_sim(tails):
    asker = Asker(Answers(tails))
    tries = sim.tries_left(asker, generic.QUIRKS)
    assert tries is None or tries >= 0
    with contextlib.suppress(sim.NotReady):
        sim.unlock(asker, generic.QUIRKS, "m0", sim.Secret(""), sim.SessionPinMemory())


@given(TAILS)
def test_lines(tail):
    registration = Registration()
    for prefix in ("+CREG:", "+CGREG:", "+CEREG:"):
        registration.take(prefix + tail)
    assert registration.state
    ussd.parse("+CUSD:" + tail, "m0", packed=False)
