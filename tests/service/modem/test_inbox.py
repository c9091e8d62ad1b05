import pytest

from fakes.modem_jobs import DriverJob, send_job
from otpbroker.modem.status import ModemState
from otpbroker.sms import segment, submit

LONG = "Sisa pulsa Anda Rp 25.000 dan kuota internet 1 GB berlaku sampai besok pagi. " * 4


def posted(owner, work):
    job = DriverJob(work)
    owner.post(job)
    return job.wait()


@pytest.mark.parametrize("vendor", ["generic", "huawei", "simcom", "quectel", "zte"])
def test_messages_are_announced_read_joined_and_deleted(simulator, owner, box, vendor):
    control = simulator(vendor=vendor)
    one = owner()
    assert posted(one, lambda driver: driver.inbox()) == []
    control.inject(0, "OK", sender="+628110000001")
    control.inject(0, LONG, sender="+628110000002")
    box.wait(lambda: box.inbox_changes >= 1)
    messages = posted(one, lambda driver: driver.inbox())
    assert [(each.sender, each.text, each.complete) for each in messages] == [
        ("+628110000001", "OK", True),
        ("+628110000002", LONG, True),
    ]
    assert messages[1].received_at
    for each in messages:
        posted(one, lambda driver, key=each.key: driver.delete(key))
    assert posted(one, lambda driver: driver.inbox()) == []


def test_a_part_that_is_missing_shows(simulator, owner, box):
    control = simulator()
    one = owner()
    control.inject(0, LONG)
    first = posted(one, lambda driver: driver.inbox())[0]
    store, _, indexes = first.key.partition(":")
    posted(one, lambda driver: driver.delete(f"{store}:{indexes.split(',')[0]}"))
    assert not posted(one, lambda driver: driver.inbox())[0].complete


def test_a_nearly_full_store_raises_an_alarm(simulator, owner, box):
    control = simulator(sim_slots=5)
    owner()
    for number in range(4):
        control.inject(0, f"message {number}")
    box.wait(lambda: box.alarms)
    assert box.alarms[0] == ("modem.store_full", {"store": "SM", "used": 4, "total": 5})


@pytest.mark.parametrize(("status", "delivered"), [(0, True), (0x20, None), (0x46, False)])
def test_a_delivery_report_finds_its_message(simulator, owner, box, status, delivered):
    simulator(report_status=status)
    one = owner()
    part = segment.segments("kode 123456")[0]
    job = send_job(submit.encode(part, "6281234567666", validity_s=300, status_report=True))
    box.jobs.append(job)
    one.wake()
    tp_mr = job.wait()
    box.wait(lambda: box.reports)
    assert box.reports[0][:3] == (tp_mr, "6281234567666", delivered)
    assert one.status.state is ModemState.READY


def test_a_report_that_is_stored_is_read_and_its_place_freed(simulator, owner, box):
    simulator(sim_slots=2)
    one = owner()
    part = segment.segments("kode 123456")[0]
    pdu = submit.encode(part, "6281234567666", validity_s=300, status_report=True)

    def work(driver):
        driver.at.command("AT+CNMI=2,1,0,2,0")
        return driver.submit(pdu, lambda: None)

    for number in range(4):
        assert posted(one, work) == number
        box.wait(lambda number=number: len(box.reports) == number + 1)
    assert [tp_mr for tp_mr, *_ in box.reports] == [0, 1, 2, 3]
