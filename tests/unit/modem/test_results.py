import pytest
from hypothesis import given
from hypothesis import strategies as st

from otpbroker.modem.causes import CME_NAMES, CMS_BLAMES, CMS_NAMES
from otpbroker.modem.contract import Blame
from otpbroker.modem.results import Refusal, cause_key, command_error, refusal, submit_error
from otpbroker.texts import ENGLISH


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("ERROR", Refusal()),
        ("COMMAND NOT SUPPORT", Refusal()),
        ("TOO MANY PARAMETERS", Refusal()),
        ("+CMS ERROR: 38", Refusal("CMS", 38)),
        ("+CMS ERROR:500", Refusal("CMS", 500)),
        ("+CMS ERROR: Network out of order", Refusal("CMS", 38)),
        ("+CMS ERROR: (U)SIM PIN required", Refusal("CMS", 311)),
        ("+CMS ERROR: SIM not inserted", Refusal("CMS", 310)),
        ("+CME ERROR: 10", Refusal("CME", 10)),
        ("+CME ERROR: SIM not inserted", Refusal("CME", 10)),
        ("+CME ERROR: incorrect password", Refusal("CME", 16)),
        ("+CMS ERROR: something of the maker's", Refusal("CMS", None)),
    ],
)
def test_refusals(line, expected):
    assert refusal(line) == expected


@pytest.mark.parametrize(
    "line",
    ["OK", "ERROR-FREE", "OKE", 'text "ERROR"', '+CUSD: 0,"ERROR",15', "+CMGS: 5", "NO ERROR", "> ERROR", "+CMTI: 1"],
)
def test_a_line_that_only_holds_a_result_is_none(line):
    assert refusal(line) is None


@pytest.mark.parametrize(
    ("number", "blame"),
    [
        (1, Blame.MESSAGE),
        (304, Blame.MESSAGE),
        (195, Blame.MESSAGE),
        (8, Blame.MODEM),
        (21, Blame.MODEM),
        (310, Blame.MODEM),
        (331, Blame.MODEM),
        (38, Blame.TRANSIENT),
        (42, Blame.TRANSIENT),
        (332, Blame.TRANSIENT),
        (500, Blame.TRANSIENT),
        (777, Blame.TRANSIENT),
    ],
)
def test_whose_fault_a_cms_error_is(number, blame):
    error = submit_error(Refusal("CMS", number))
    assert (error.blame, error.cms, error.params["cause"]) == (blame, number, number)


def test_a_cme_error_to_a_submit_is_the_modems_unless_it_passes():
    assert submit_error(Refusal("CME", 10)).blame is Blame.MODEM
    assert submit_error(Refusal("CME", 14)).blame is Blame.TRANSIENT
    assert submit_error(Refusal()).blame is Blame.TRANSIENT


def test_every_cause_has_a_text():
    for family, names in (("CMS", CMS_NAMES), ("CME", CME_NAMES)):
        for number in names:
            assert cause_key(Refusal(family, number)) in ENGLISH
    assert cause_key(Refusal("CMS", 9999)) in ENGLISH
    assert command_error(Refusal()).key in ENGLISH


def test_every_named_cms_cause_has_one_blame():
    assert CMS_NAMES.keys() == CMS_BLAMES.keys()


@given(st.text(max_size=60))
def test_any_line_is_judged_without_a_fault(line):
    refusal(line)
    refusal("+CMS ERROR: " + line)
