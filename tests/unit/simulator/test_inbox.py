import datetime as dt

import pytest

from otpbroker.simulator import air
from otpbroker.sms import deliver

WHEN = dt.datetime(2026, 11, 23, 14, 5, 9, tzinfo=dt.UTC)


def incoming(text="Halo"):
    (pdu,) = air.deliver("+628110000001", text, WHEN)
    return pdu


def test_a_stored_sms_is_told_listed_read_and_deleted(modem):
    one = modem()
    wire = one.wire
    wire.at("+CNMI=2,1")
    wire.written = b""
    assert one.receive(incoming())
    assert wire.written == b'\r\n+CMTI: "SM",1\r\n'
    header, pdu, ok = wire.at("+CMGL=4")
    assert (header, ok) == (f"+CMGL: 1,0,,{len(pdu) // 2 - 1}", "OK")
    assert deliver.decode(pdu).user_data.text == "Halo"
    assert wire.at("+CMGR=1")[0].startswith("+CMGR: 1,,")
    assert wire.at("+CMGL=0") == ["OK"]
    assert wire.at("+CPMS?")[0].startswith('+CPMS: "SM",1,20')
    assert wire.at("+CMGD=1") == ["OK"]
    assert wire.at("+CMGR=1") == ["+CMS ERROR: 321"]


@pytest.mark.parametrize(("flag", "left"), [(1, 1), (3, 1), (4, 0)])
def test_deleting_many(modem, flag, left):
    one = modem()
    for text in ("a", "b"):
        one.receive(incoming(text))
    one.wire.at("+CMGR=1")
    assert one.wire.at(f"+CMGD=1,{flag}") == ["OK"]
    assert len(one.stores["SM"].slots) == left


def test_a_full_store_refuses_until_a_slot_is_free(modem):
    one = modem(sim_slots=2)
    assert [one.receive(incoming()) for _ in range(3)] == [True, True, False]
    one.wire.at("+CMGD=1")
    assert one.receive(incoming())
    assert sorted(one.stores["SM"].slots) == [1, 2]


def test_a_pushed_sms_is_not_stored(modem):
    one = modem()
    one.wire.at("+CNMI=2,2")
    one.wire.written = b""
    one.receive(incoming())
    assert one.wire.written.startswith(b"\r\n+CMT: ,")
    assert not one.stores["SM"].slots


def test_the_storage_for_received_ones_is_the_third(modem):
    one = modem()
    one.wire.at('+CPMS="SM","SM","ME"')
    one.receive(incoming())
    assert [len(one.stores[name].slots) for name in ("SM", "ME")] == [0, 1]


@pytest.mark.parametrize(("ds", "told"), [(0, b""), (1, b"\r\n+CDS: 26\r\n"), (2, b'\r\n+CDSI: "SR",1\r\n')])
def test_status_reports_go_where_cnmi_says(modem, ds, told):
    one = modem()
    one.wire.at(f"+CNMI=2,1,0,{ds},0")
    one.wire.written = b""
    one.report_delivery(5, air.address("+6281000000126"))
    assert one.wire.written.startswith(told)
    assert bool(told) == bool(one.wire.written)
    assert len(one.stores["SR"].slots) == (ds != 1)
