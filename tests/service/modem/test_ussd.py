import pytest

from fakes.modem_jobs import DriverJob, send_job
from otpbroker.modem.contract import Blame

pytestmark = pytest.mark.parametrize("vendor", ["generic", "huawei"])


def posted(owner, work):
    job = DriverJob(work)
    owner.post(job)
    return job.wait()


def test_text(simulator, owner, box, vendor):
    simulator(vendor=vendor)
    answer = posted(owner(), lambda driver: driver.ussd("*888#", 5))
    assert (answer.modem, answer.status, answer.text) == ("m0", 0, "Pulsa Rp 25.000 s/d 31-12-2030")


def test_a_session_with_ucs2(simulator, owner, box, vendor):
    simulator(vendor=vendor)
    one = owner()
    first = posted(one, lambda driver: driver.ussd("*123#", 5))
    assert (first.status, first.text) == (1, "1 Pulsa\n2 Kuota")
    assert posted(one, lambda driver: driver.ussd("2", 5)).text == "Kuota 1 GB \u2013 sampai besok"


def test_packed_both_ways(simulator, owner, box, vendor):
    reply = {"text": "Sisa kuota 1 GB", "coding": "packed"}
    simulator(vendor=vendor, ussd_packed=True, ussd={"*888#": reply})
    assert posted(owner(), lambda driver: driver.ussd("*888#", 5)).text == "Sisa kuota 1 GB"


def test_no_answer_in_time_and_the_modem_goes_on(simulator, owner, box, vendor):
    simulator(vendor=vendor, ussd={"*888#": {"text": "late", "delay_s": 30}})
    one = owner()
    answer = posted(one, lambda driver: driver.ussd("*888#", 0.3))
    assert (answer.status, answer.text) == (5, "")
    job = send_job()
    box.jobs.append(job)
    one.wake()
    assert job.wait() == 0


def test_an_unknown_code_and_cancel(simulator, owner, box, vendor):
    simulator(vendor=vendor)
    one = owner()
    assert posted(one, lambda driver: driver.ussd("*999#", 5)).status == 4
    assert posted(one, lambda driver: driver.ussd("*123#", 5)).status == 1
    assert posted(one, lambda driver: driver.ussd_cancel()) is None
    assert posted(one, lambda driver: driver.ussd("*888#", 5)).status == 0


@pytest.mark.parametrize("code", ["", '*1#",15\r', "*1#\r", "text", "*" * 161])
def test_what_is_no_code_reaches_no_modem(simulator, owner, box, vendor, code):
    simulator(vendor=vendor)
    assert posted(owner(), lambda driver: driver.ussd(code, 5)).blame is Blame.MESSAGE
