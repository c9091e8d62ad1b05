import pytest
from hypothesis import given
from hypothesis import strategies as st

from otpbroker.mail.replies import RULES, Fault, fault


@pytest.mark.parametrize(
    ("phase", "code", "status", "whose"),
    [
        ("connect", 421, "4.7.0", Fault.PASSING),
        ("connect", 554, "", Fault.ACCOUNT),
        ("auth", 535, "5.7.8", Fault.ACCOUNT),
        ("auth", 534, "5.7.9", Fault.ACCOUNT),
        ("auth", 454, "4.7.0", Fault.PASSING),
        ("sender", 550, "5.7.1", Fault.ACCOUNT),
        ("sender", 452, "4.3.1", Fault.PASSING),
        ("recipient", 550, "5.1.1", Fault.RECIPIENT),
        ("recipient", 550, "", Fault.RECIPIENT),
        ("recipient", 552, "5.2.2", Fault.RECIPIENT),
        ("recipient", 550, "5.7.1", Fault.ATTEMPT),
        ("recipient", 554, "", Fault.ATTEMPT),
        ("recipient", 553, "5.1.8", Fault.ACCOUNT),
        ("recipient", 530, "5.7.0", Fault.ACCOUNT),
        ("recipient", 450, "4.2.0", Fault.ATTEMPT),
        ("recipient", 452, "4.2.2", Fault.ATTEMPT),
        ("recipient", 421, "", Fault.PASSING),
        ("data", 554, "", Fault.ATTEMPT),
        ("end", 550, "5.4.5", Fault.ACCOUNT),
        ("end", 552, "5.3.4", Fault.MESSAGE),
        ("end", 554, "", Fault.MESSAGE),
        ("end", 550, "5.7.1", Fault.ATTEMPT),
        ("end", 451, "4.3.0", Fault.ATTEMPT),
    ],
)
def test_whose_fault_a_refusal_is(phase, code, status, whose):
    assert fault(phase, code, status) is whose


@given(
    st.sampled_from(["connect", "auth", "sender", "recipient", "data", "end"]),
    st.integers(200, 599),
    st.sampled_from(["", "4.2.1", "5.1.1", "5.7.1", "9.9.9"]),
)
def test_what_passes_never_condemns_a_mail_or_an_account(phase, code, status):
    """A 4xx is no final word (RFC 5321 §4.2.1), whatever else the server says."""
    whose = fault(phase, code, status)
    if 400 <= code < 500:
        assert whose in (Fault.PASSING, Fault.ATTEMPT)
    if phase in ("connect", "auth", "sender"):
        assert whose in (Fault.PASSING, Fault.ACCOUNT)
    assert whose is not Fault.UNKNOWN


def test_every_rule_is_of_use():
    """None is hidden by those above it."""
    firsts = set()
    for phase in ("connect", "auth", "sender", "recipient", "data", "end"):
        for code in range(400, 600):
            for status in ("", "5.1.1", "5.1.8", "5.2.2", "5.4.5", "5.6.1", "5.7.1"):
                firsts.add(next(at for at, rule in enumerate(RULES) if rule.matches(phase, code, status)))
    assert firsts == set(range(len(RULES)))
