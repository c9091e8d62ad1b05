import ast
import string
from pathlib import Path

import otpbroker
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.panel.words import PAIRS
from otpbroker.texts import ENGLISH, INDONESIAN, translate


def fields(template):
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def test_both_languages_have_the_same_keys_and_placeholders():
    assert set(ENGLISH) == set(INDONESIAN)
    for key in ENGLISH:
        assert fields(ENGLISH[key]) == fields(INDONESIAN[key]), key


def test_response_codes_have_a_text():
    for code in ResponseCode:
        assert f"code.{code.value}" in ENGLISH


def test_an_unknown_key_is_shown_not_raised():
    assert translate("no.such.key", {}) == "no.such.key"
    assert translate("+CME {} {0} {x!r:>9} ERROR}", {}) == "+CME {} {0} {x!r:>9} ERROR}"


def test_a_broker_error_says_code_key_and_parameters():
    error = BrokerError(ResponseCode.INVALID_NUMBER, "number.too_short", digits=3)
    assert str(error) == "1104 number.too_short digits=3"


# Where a call names a text: position of the key, and what the key becomes.
KEYED_CALLS = {
    "BrokerError": (1, "{}"),
    "ModemError": (1, "{}"),
    "LinkError": (0, "{}"),
    "Failure": (1, "{}"),
    "say": (0, "{}"),
    "warn": (0, "{}"),
    "sentence": (0, "{}"),
    "_problem": (1, "settings.{}"),
    "_refused": (0, "settings.{}"),
    "wrong": (1, "settings.{}"),
    "text": (1, "settings.expect_{}"),
    "record": (1, "{}"),
    "note": (1, "{}"),
}
WITH_PARAMETERS = {"BrokerError", "ModemError", "LinkError", "Failure", "say", "_refused", "_problem"}
OWN_PARAMETERS = {"retry_after_s", "soon", "cms", "hang", "params", "path"}


def keyed_calls():
    """(place, function, key, names of the parameters given, None where they are not literal) of every such call."""
    for path in sorted(Path(otpbroker.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            at, form = KEYED_CALLS.get(name, (99, ""))
            key = node.args[at] if len(node.args) > at else None
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                names = [keyword.arg for keyword in node.keywords]
                given = None if None in names or len(node.args) > at + 1 else set(names) - OWN_PARAMETERS
                yield f"{path.name}:{node.lineno}", name, form.format(key.value), given


def test_every_key_used_exists_and_gets_what_its_sentence_names():
    calls = list(keyed_calls())
    assert len(calls) > 50
    english = ENGLISH | {key: pair[0] for key, pair in PAIRS.items()}
    for place, name, key, given in calls:
        assert key in english, f"{place}: no text for {key}"
        if given is not None and name in WITH_PARAMETERS:
            assert fields(english[key]) <= given, f"{place}: {key} is not given all its parameters"


def test_a_sentence_without_its_details_is_still_one():
    assert translate("modem.cause.congestion", {}) == "The network is congested (cause ?)"
