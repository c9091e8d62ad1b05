import pytest

from otpbroker.services.supervisor.readiness import settled
from otpbroker.verbs.dispatch import ModemFacts


def modem(state, reason=""):
    return ModemFacts(
        id="m0",
        name="m0",
        port="",
        active=True,
        sms_api=True,
        default_modem=False,
        connected=True,
        registered=True,
        state=state,
        reason=reason,
    )


@pytest.mark.parametrize("state", ["ready", "inactive", "no_sim", "puk_required", "disabled"])
def test_usable_or_failed_is_settled(state):
    assert settled(modem(state))


@pytest.mark.parametrize("state", ["starting", "searching", "recovering", "absent"])
def test_what_may_still_come_is_not(state):
    assert not settled(modem(state))


def test_absent_with_a_reason_is_settled():
    assert settled(modem("absent", "modem.port_missing"))
