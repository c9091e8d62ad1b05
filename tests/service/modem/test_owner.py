"""An owner and a simulated modem that misbehaves."""

import logging
import threading
import time
from pathlib import Path

import pytest

from fakes.modem_jobs import PDU, QUICK, DriverJob, send_job
from otpbroker.config.sections.modems import ModemSettings
from otpbroker.modem.contract import Blame, ModemError
from otpbroker.modem.status import ModemState
from otpbroker.sms.submit import SubmitPdu


def sent(owner, box, job):
    box.jobs.append(job)
    owner.wake()
    return job.wait()


def test_a_job_becomes_a_submit(simulator, owner, box):
    simulator()
    one = owner()
    started = time.monotonic()
    assert sent(one, box, send_job()) == 0
    assert time.monotonic() - started < 1
    identity = one.status.identity
    assert identity.imei
    assert identity.imsi
    assert identity.iccid
    assert identity.manufacturer == "Generic"
    assert (one.status.operator, one.status.signal_dbm, one.status.registered) == ("TELKOMSEL", -71, True)


@pytest.mark.parametrize("vendor", ["generic", "huawei", "simcom", "quectel", "zte"])
def test_each_maker_comes_up_and_sends(simulator, owner, box, vendor):
    simulator(vendor=vendor)
    one = owner()
    assert sent(one, box, send_job()) == 0
    assert one.status.identity.iccid
    assert one.status.identity.revision


@pytest.mark.parametrize(
    "knobs",
    [
        {"urc_storm": ["RING", '+CMTI: "SM",99', "^RSSI:18", "+CREG: 1", "OKE", "ERROR-FREE", "NO CARRIER"]},
        {"chunk_octets": 1},
        {"garbage": "\xff\x80#~"},
        {"prompt_latency_s": 0.1, "latency_s": 0.1, "command_latency_s": 0.02},
        {"echo": True},
    ],
)
def test_noise_changes_nothing(simulator, owner, box, knobs):
    control = simulator(**knobs)
    one = owner()
    assert [sent(one, box, send_job()) for _ in range(5)] == [0, 1, 2, 3, 4]
    assert len(control.submitted()) == 5


def test_a_burst_runs_in_order_without_a_pause(simulator, owner, box):
    simulator()
    one = owner()
    jobs = [send_job() for _ in range(200)]
    box.jobs.extend(jobs)
    one.wake()
    assert [job.wait() for job in jobs] == list(range(200))


def test_a_refusal_of_the_network_has_its_number_and_blame(simulator, owner, box):
    control = simulator(cms_error={"code": 38, "times": 1})
    one = owner()
    error = sent(one, box, send_job())
    assert (error.blame, error.cms, error.key) == (Blame.TRANSIENT, 38, "modem.cause.network_out_of_order")
    control.set(0, cms_error={"code": "SIM not inserted", "times": 1})
    assert sent(one, box, send_job()).blame is Blame.MODEM
    assert sent(one, box, send_job()) == 0


def test_a_prompt_that_never_comes_sends_nothing_and_the_next_goes(simulator, owner, box):
    control = simulator(no_prompt=1)
    one = owner()
    error = sent(one, box, send_job())
    assert (error.blame, error.hang) == (Blame.TRANSIENT, True)
    assert sent(one, box, send_job()) == 0
    assert len(control.submitted()) == 1


def test_a_lost_reference_is_in_doubt_at_once(simulator, owner, box):
    simulator(lost_cmgs=1)
    one = owner()
    assert sent(one, box, send_job()).blame is Blame.UNKNOWN
    assert sent(one, box, send_job()) == 1


def test_silence_after_the_text_is_in_doubt_by_the_deadline(simulator, owner, box):
    simulator(silent_after_text=1)
    one = owner()
    started = time.monotonic()
    error = sent(one, box, send_job())
    assert (error.blame, error.hang) == (Blame.UNKNOWN, True)
    assert time.monotonic() - started < 2
    assert sent(one, box, send_job()) == 1


def test_a_late_reference_is_never_anothers(simulator, owner, box):
    control = simulator(late_cmgs=1, late_s=1.3)
    one = owner()
    assert sent(one, box, send_job()).blame is Blame.UNKNOWN
    assert sent(one, box, send_job()) == 1
    assert [each.outcome for each in control.submitted()] == ["late", "sent"]


def test_what_before_text_raises_goes_through_and_nothing_is_sent(simulator, owner, box):
    control = simulator()
    one = owner()

    class ExpiredError(Exception):
        pass

    caught = []

    def refuse():
        raise ExpiredError

    def work(driver):
        try:
            driver.submit(PDU, refuse)
        except ExpiredError as error:
            caught.append(error)

    sent(one, box, DriverJob(work))
    assert caught
    assert sent(one, box, send_job()) == 0
    assert len(control.submitted()) == 1


def test_unplugged_at_the_text_is_in_doubt_and_the_modem_absent(simulator, owner, box):
    control = simulator(unplug_at_text=1)
    one = owner()
    assert sent(one, box, send_job()).blame is Blame.UNKNOWN
    box.wait(lambda: one.status.state is ModemState.ABSENT)
    control.replug(0)
    box.wait(lambda: one.status.state is ModemState.READY, 3)


def test_replug_to_the_first_sms(simulator, owner, box):
    control = simulator()
    one = owner()
    control.unplug(0)
    box.wait(lambda: one.status.state is ModemState.ABSENT)
    time.sleep(1.5)
    job = send_job()
    box.jobs.append(job)
    started = time.monotonic()
    control.replug(0)
    assert job.wait(3) == 0
    assert time.monotonic() - started < 3


def test_a_gone_port_gives_one_line_in_the_log(simulator, owner, box, caplog):
    control = simulator()
    with caplog.at_level(logging.INFO, "otpbroker.modem"):
        one = owner()
        control.unplug(0)
        box.wait(lambda: one.status.state is ModemState.ABSENT)
        time.sleep(2.5)
    assert [record.getMessage().partition(": ")[2] for record in caplog.records] == [
        "ready",
        "absent modem.port_missing",
    ]


def test_a_hang_is_cured_by_a_restart(simulator, owner, box):
    control = simulator()
    one = owner()
    control.set(0, hang="until_restart")
    error = sent(one, box, send_job())
    assert (error.blame, error.hang) == (Blame.TRANSIENT, True)
    assert (
        one.status.state is not ModemState.READY or box.wait(lambda: one.status.state is not ModemState.READY) is None
    )
    box.wait(lambda: one.status.state is ModemState.READY, 20)
    assert sent(one, box, send_job()) == 0
    assert ModemState.RECOVERING in [status.state for status in box.states]


@pytest.mark.slow
def test_a_hard_hang_climbs_to_the_end_and_back(simulator, owner, box):
    control = simulator()
    resets = []
    one = owner(usb_reset=lambda port: resets.append(port) or True)
    control.set(0, hang="hard")
    assert sent(one, box, send_job()).hang
    box.wait(lambda: one.status.state is ModemState.DISABLED, 40)
    assert len(resets) == 1
    assert [key for key, _ in box.alarms] == ["modem.hung"]
    control.set(0, hang="")
    box.wait(lambda: one.status.state is ModemState.READY, 20)
    assert sent(one, box, send_job()) == 0


@pytest.mark.slow
def test_an_idle_hang_is_found_by_the_health_check(simulator, owner, box):
    control = simulator()
    one = owner()
    control.set(0, hang="until_restart")
    box.wait(lambda: one.status.state is ModemState.RECOVERING, 8)
    box.wait(lambda: one.status.state is ModemState.READY, 20)


def test_registration_follows_its_urc(simulator, owner, box):
    control = simulator()
    one = owner()
    control.set(0, registration=3)
    box.wait(lambda: one.status.state is ModemState.DENIED)
    job = send_job()
    box.jobs.append(job)
    one.wake()
    control.set(0, registration=2)
    box.wait(lambda: one.status.state is ModemState.SEARCHING)
    assert job.outcome is None
    control.set(0, registration=5)
    assert job.wait() == 0
    assert one.status.registered


def test_a_changed_setting_waits_for_the_job_in_flight(simulator, owner, box, tmp_path):
    simulator(latency_s=0.5)
    one = owner()
    job = send_job()
    box.jobs.append(job)
    one.wake()
    time.sleep(0.1)
    one.reconfigure(_settings(tmp_path, smsc="+628110000999"))
    assert job.wait() == 0
    box.wait(lambda: one.status.identity.smsc == "+628110000999")
    one.reconfigure(_settings(tmp_path, active=False))
    box.wait(lambda: one.status.state is ModemState.INACTIVE)
    one.reconfigure(_settings(tmp_path))
    box.wait(lambda: one.status.state is ModemState.READY)


def test_a_setting_that_is_not_the_ports_changes_nothing(simulator, owner, box, tmp_path):
    simulator()
    one = owner()
    before = len(box.states)
    one.reconfigure(_settings(tmp_path, recipient_prefix=("62812",)))
    assert sent(one, box, send_job()) == 0
    assert len(box.states) == before


def _settings(tmp_path, **changes):
    return ModemSettings(id="m0", name="m0", port=str(tmp_path / "modem0"), **changes)


def test_another_modem_in_the_port_is_not_used(simulator, owner, box, tmp_path):
    simulator()
    one = owner(until=ModemState.WRONG_MODEM, imei="490154203237518")
    assert one.status.params["imei"]
    job = DriverJob(lambda driver: driver.inbox())
    one.post(job)
    assert job.wait() == "modem.wrong_imei"
    one.reconfigure(_settings(tmp_path, imei=str(one.status.params["imei"])))
    box.wait(lambda: one.status.state is ModemState.READY)


def test_two_owners_of_one_port_never_meet(simulator, owner, box):
    simulator()
    owner()
    second = owner(until=ModemState.NOT_A_MODEM, id="m1")
    assert second.status.reason == "modem.port_busy"


def test_stop_with_drain_runs_what_waits(simulator, owner, box):
    simulator(latency_s=0.05)
    one = owner()
    jobs = [send_job() for _ in range(5)]
    box.jobs.extend(jobs)
    one.stop(drain=True)
    assert one.join(5)
    assert [job.outcome for job in jobs] == [0, 1, 2, 3, 4]


def test_stop_without_drain_ends_after_the_job_that_runs(simulator, owner, box):
    simulator(latency_s=0.3)
    one = owner()
    jobs = [send_job() for _ in range(5)]
    posted = DriverJob(lambda driver: driver.inbox())
    box.jobs.extend(jobs)
    one.wake()
    time.sleep(0.1)
    one.stop(drain=False)
    one.post(posted)
    assert one.join(5)
    assert jobs[0].outcome == 0
    assert [job.outcome for job in jobs[1:]] == [None] * 4
    assert posted.outcome == "modem.stopped"


def test_a_modem_that_restarts_unseen_gets_no_text_in_text_mode(simulator, owner, box):
    control = simulator()
    one = owner()
    restarted = threading.Event()

    def work(driver):
        # Behind the owner's back, as a power glitch would: echo on, text mode.
        driver.at.command("ATZ")
        driver.at.command("ATE1")
        restarted.set()
        return driver.submit(PDU, lambda: None)

    assert sent(one, box, DriverJob(work)) == 0
    assert restarted.is_set()
    assert [each.pdu for each in control.submitted()] == [PDU.hex]


def test_more_to_follow_keeps_the_link_once(simulator, owner, box):
    simulator()
    one = owner()

    def parts(driver):
        return [driver.submit(PDU, lambda: None, more_to_follow=more) for more in (True, True, False)]

    assert sent(one, box, DriverJob(parts)) == [0, 1, 2]


def test_a_fault_of_a_pdu_is_the_messages(simulator, owner, box):
    simulator()
    one = owner()
    assert sent(one, box, send_job(SubmitPdu("0011", 2))).blame is Blame.MESSAGE


def test_a_modem_error_in_a_posted_job_is_told(simulator, owner, box):
    simulator()
    one = owner()
    job = DriverJob(lambda driver: driver.delete("SM:99"))
    one.post(job)
    assert isinstance(job.wait(), ModemError)


@pytest.mark.parametrize("fault", [{"no_prompt": 1}, {"unplug_at_text": 1}, {"silent_after_text": 1}])
def test_a_lost_modem_is_not_ready_before_the_job_hears_of_it(simulator, owner, box, fault):
    simulator(**fault)
    one = owner()
    seen = []

    def work(driver):
        try:
            driver.submit(PDU, lambda: None)
        except ModemError:
            seen.append(box.states[-1].state)
            raise

    sent(one, box, DriverJob(work))
    assert seen[0] in (ModemState.RECOVERING, ModemState.ABSENT)


def test_a_fault_of_ours_does_not_end_the_modem(simulator, owner, box):
    simulator()
    one = owner()
    sent(one, box, DriverJob(lambda driver: driver.no_such_thing))
    box.wait(lambda: box.alarms)
    assert box.alarms[0] == ("modem.failed", {"error": "AttributeError"})
    one.rescan()
    box.wait(lambda: one.status.state is ModemState.READY)
    assert sent(one, box, send_job()) == 0


def test_a_prompt_that_comes_too_late_sends_nothing(simulator, owner, box):
    control = simulator(prompt_latency_s=0.8)
    one = owner()
    assert sent(one, box, send_job()).hang
    control.set(0, prompt_latency_s=0.0)
    assert sent(one, box, send_job()) == 0
    assert len(control.submitted()) == 1


def test_a_modem_that_drops_input_while_it_is_busy(simulator, owner, box):
    control = simulator(drop_input_while_busy=True, latency_s=0.1, command_latency_s=0.02, late_s=1.5)
    one = owner()
    assert [sent(one, box, send_job()) for _ in range(5)] == [0, 1, 2, 3, 4]
    control.set(0, late_cmgs=1)
    assert sent(one, box, send_job()).blame is Blame.UNKNOWN
    assert sent(one, box, send_job()) == 6


def test_a_health_check_holds_a_job_up_for_one_answer_only(simulator, owner, box):
    simulator(command_latency_s=0.15)
    one = owner(deadlines=QUICK)
    longest = 0.0
    for _ in range(8):
        threading.Event().wait(0.35)
        started = time.monotonic()
        assert isinstance(sent(one, box, send_job()), int)
        longest = max(longest, time.monotonic() - started)
    assert longest < 0.7


def test_plugging_often_leaks_nothing(simulator, owner, box):
    control = simulator()
    one = owner()

    def descriptors():
        return len(list(Path("/proc/self/fd").iterdir()))

    before = descriptors()
    for _ in range(15):
        control.unplug(0)
        box.wait(lambda: one.status.state is ModemState.ABSENT)
        control.replug(0)
        box.wait(lambda: one.status.state is ModemState.READY)
    assert descriptors() <= before + 2
