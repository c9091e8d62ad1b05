"""Memory over many messages."""

import gc
import itertools
import os
import threading
import tracemalloc
from pathlib import Path

import pytest

from fakes.floor import modem
from otpbroker.config.sections.sms import SmsSection

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


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_memory_stays_where_it_is(desk):
    from otpbroker.secrets import MessageText
    from otpbroker.verbs.dispatch import Send

    def message(n, **fields):
        return Send(door="rest", msisdn=f"62812{n:08}", text=MessageText(f"Kode {n:06}"), **fields)

    messages = int(os.environ.get("OTPB_GROWTH_MESSAGES", "20000"))
    one = desk(*(modem(f"m{n}") for n in range(8)), sms=SmsSection(log_sms=False))
    one.keep_record = False
    numbers = itertools.count()
    flood(one, numbers, 12_000, message)  # fills what is bounded: 10,000 remembered contents, 1,000 recent outcomes
    descriptors, resident = len(os.listdir("/proc/self/fd")), resident_octets()
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    flood(one, numbers, messages, message)
    # What was remembered before tracing is replaced by what is traced: at most the bounded amount.
    first, _ = tracemalloc.get_traced_memory()
    flood(one, numbers, messages, message)
    second, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    grown = resident_octets() - resident
    print(f"traced {(first - before) / 1e6:.2f} MB, then {(second - first) / 1e6:.2f}; resident {grown / 1e6:.2f} MB")  # noqa: T201
    assert second - first < 500_000
    assert grown < 20_000_000
    assert len(os.listdir("/proc/self/fd")) == descriptors
    assert one.broker.counters().by_state["submitted"] == 12_000 + 2 * messages
    assert one.taken.total() == 12_000 + 2 * messages
