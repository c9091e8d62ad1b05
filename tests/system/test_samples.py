"""The panel's samples against the whole system, as somebody who pastes them would run them."""

import json
import re

import pytest

from fakes import languages
from fakes.waiting import waits_for
from fakes.whole import Whole
from otpbroker.panel.samples import samples
from running import PASSWORD, USER

LANGUAGES = [pytest.param(name, f"0877000999{at}0", id=name) for at, name in enumerate(languages.COMMANDS)]
CODE = re.compile(r"OTP Anda ([0-9]{4,8})$")


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    with Whole(tmp_path_factory.mktemp("whole"), "--simulate", 1) as running:
        yield running


def sample(whole, language, path, task, to):
    if not languages.is_here(language):
        pytest.skip(f"no {language} here")
    made = samples(whole.url, path, USER, PASSWORD, task, to=to)
    return next(each.text for each in made if each.name == language)


def texts_to(simulator, number):
    heard = simulator.received()
    return [each.text for each in heard if each.number.endswith(number[1:])]


@pytest.mark.parametrize(("language", "number"), LANGUAGES)
def test_an_sms(whole, language, number, tmp_path):
    said = json.loads(languages.run(language, sample(whole, language, "/api/sms", "sms", number), tmp_path))
    assert (said["response_code"], said["data"]["state"]) == ("0000", "submitted")
    with whole.simulator() as simulator:
        assert texts_to(simulator, number) == ["OTP Anda 123456"]


@pytest.mark.parametrize(("language", "number"), LANGUAGES)
def test_a_one_time_password(whole, language, number, tmp_path):
    number = f"{number[:-1]}1"
    program = sample(whole, language, "/api/otp", "otp", number)
    request, _, verify = program.partition("\n\n") if language == "curl" else (program, "", "")
    with whole.simulator() as simulator, languages.start(language, request, tmp_path) as running:
        waits_for(lambda: texts_to(simulator, number))
        code = CODE.search(texts_to(simulator, number)[0])[1]
        said, complaint = running.communicate(f"{code}\n", timeout=30)
    assert running.returncode == 0, complaint
    if verify:
        said += languages.run(language, verify.replace("123456", code), tmp_path)
    assert re.findall('"response_code": ?"([0-9]+)"', said) == ["0000", "0000"]
