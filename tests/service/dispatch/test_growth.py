"""Memory over many messages."""

import gc
import itertools
import os
import threading
from pathlib import Path

import pytest

from fakes.floor import modem
from otpbroker.config.sections.sms import SmsSection
from otpbroker.secrets import MessageText
from otpbroker.verbs.dispatch import Send

UNDER_WAY = 64


def flood(one, numbers, messages, last):
    """Sends to numbers of all sorts, some keyed, some repeated, never more than UNDER_WAY at once."""
    room = threading.Semaphore(UNDER_WAY)
    for n in itertools.islice(numbers, messages):
        assert room.acquire(timeout=20)
        fields = {"id": str(n)} if n % 3 else {"idempotency_key": f"k{n}"}
        one.broker.send(last(n, **fields), lambda sent: room.release())
    for _ in range(UNDER_WAY):
        assert room.acquire(timeout=20)
    one.settle()
    gc.collect()


def resident_octets():
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def descriptors_open():
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


@pytest.mark.slow
def test_memory_stays_where_it_is(desk):
    def message(n, **fields):
        return Send(door="rest", msisdn=f"62812{n:08}", text=MessageText(f"Kode {n:06}"), **fields)

    one = desk(*(modem(f"m{n}") for n in range(8)), sms=SmsSection(log_sms=False))
    one.keep_record = False
    numbers = itertools.count()
    # Fills what is bounded: 10,000 remembered contents and events, 1,000 recent outcomes, 10,000 ids of two in three.
    flood(one, numbers, 15_500, message)
    descriptors, resident, objects = descriptors_open(), resident_octets(), len(gc.get_objects())
    flood(one, numbers, 10_000, message)
    assert len(gc.get_objects()) - objects < 1000
    assert resident_octets() - resident < 5_000_000
    assert descriptors_open() == descriptors
    assert one.broker.counters().by_state["submitted"] == one.taken.total() == 25_500
