"""Modems that nobody here has seen: they know little, say it in their own way, or say nothing at all."""

import re
import time
from pathlib import Path

import pytest

from fakes.modem_jobs import Box, send_job
from fakes.peer import Peer, table
from otpbroker.config.sections.modems import ModemSettings
from otpbroker.modem.owner import ModemOwner
from otpbroker.modem.status import ModemState

OK = b"\r\nOK\r\n"
LEAST = {b"AT": OK, b"ATE0": OK, b"AT+CMGF=0": OK, b"AT+CMGS=23": b"\r\n> ", b"\x1a": b"\r\n+CMGS: 9\r\n\r\nOK\r\n"}


def run(answer, settled_s, **settings):
    box = Box()
    with Peer(answer) as peer:
        owner = ModemOwner(ModemSettings(id="m0", name="m0", port=peer.path, **settings), box, box)
        started = time.monotonic()
        owner.start()
        try:
            box.wait(lambda: owner.status.state is ModemState.READY, settled_s)
            took_s = time.monotonic() - started
            job = send_job()
            box.jobs.append(job)
            owner.wake()
            assert job.wait() == 9
        finally:
            owner.stop(drain=False)
            assert owner.join(15)
    return owner.status, peer, took_s


def test_one_that_refuses_all_but_the_least():
    status, _, took_s = run(table(LEAST), 3)
    assert status.registered
    assert took_s < 2


@pytest.mark.slow
@pytest.mark.parametrize("known", [LEAST.keys(), {b"AT", b"AT+CMGS=23", b"\x1a"}])
def test_one_that_is_silent_on_all_but_the_least_settles_in_time(known):
    _, _, took_s = run(table({asked: LEAST[asked] for asked in known}, otherwise=b""), 13)
    assert took_s < 13


def test_one_that_says_ok_to_everything():
    answers = {b"AT+CMGS=23": b"\r\n> ", b"\x1a": b"\r\n+CMGS: 9\r\n\r\nOK\r\n"}
    run(table(answers, otherwise=OK), 3)


def test_one_that_always_echoes_and_uses_its_own_line_ends():
    plain = table({**LEAST, b"\x1a": b"\n+CMGS: 9\nOK\n", b"AT+CMGS=23": b">"}, otherwise=b"\nERROR\n")
    run(lambda octets: octets.replace(b"\x1a", b"") + plain(octets), 3)


def test_one_left_in_a_text_prompt_by_a_killed_program():
    state = {"text": True, "pdus": 0}
    answer = table(LEAST)

    def stuck(octets):
        if not state["text"]:
            return answer(octets)
        if octets == b"\x1b":
            state["text"] = False
            return OK
        state["pdus"] += octets.endswith(b"\x1a")
        return b""

    run(stuck, 6)
    assert state["pdus"] == 0


def test_one_that_pads_its_prompt_and_its_reference():
    run(table({**LEAST, b"AT+CMGS=23": b"\r\n>  \r\n", b"\x1a": b'\r\n+CMGS:9,"26/11/23"\r\n\r\nOK\r\n'}), 3)


def test_one_that_was_told_to_answer_by_numbers():
    state = {"verbose": False}
    verbose = table({**LEAST, b"ATQ0V1": OK})

    def answer(octets):
        state["verbose"] = state["verbose"] or octets == b"ATQ0V1\r"
        return verbose(octets) if state["verbose"] else b"0\r"

    run(answer, 6)


def transcript(path):
    """A recorded modem: a line that begins with AT is asked, the lines after it are answered; `#` comments."""
    answers, asked = {}, b""
    for line in path.read_text().splitlines():
        if line.startswith("AT"):
            asked = line.encode()
            answers[asked] = b""
        elif line and not line.startswith("#"):
            answers[asked] += b"\r\n" + line.encode() + b"\r\n"
    return answers


RECORDED = sorted((Path(__file__).parents[2] / "data" / "at").glob("*.at"))


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
def test_a_recorded_modem_comes_up_and_sends(path):
    answers = transcript(path)
    sending = {b"AT+CMGS=23": b"\r\n> ", b"\x1a": b"\r\n+CMGS: 9\r\n\r\nOK\r\n"}
    status, _, _ = run(table({**answers, **sending}), 5)
    identity = status.identity
    for wanted in re.findall(r"^# (\w+) = (.*)$", path.read_text(), re.MULTILINE):
        name, value = wanted
        found = getattr(identity, name, None) or getattr(status, name, None)
        assert str(found) == value
