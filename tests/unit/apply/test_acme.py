import pytest
from hypothesis import given
from hypothesis import strategies as st

from otpbroker.apply.acme import Ordering, is_due
from otpbroker.apply.manager import NobodyRuns
from otpbroker.apply.transaction import Settings
from otpbroker.errors import BrokerError
from otpbroker.secrets import Secret
from otpbroker.system.files import Paths
from otpbroker.verbs.acme import OrderCertificate
from otpbroker.verbs.apply import SetSection
from otpbroker.verbs.keystore import CertificateFacts

DAY = 86_400.0
NOW = 1_795_000_000.0


def held(first, last, *names):
    return CertificateFacts(names=list(names or ("otp.example.com",)), first=first, last=last)


@pytest.mark.parametrize(
    ("days", "left", "due"), [(90, 31, False), (90, 29, True), (90, -1, True), (6, 3, False), (6, 1.9, True)]
)
def test_a_month_before_its_end_or_a_third_of_its_life(days, left, due):
    one = held(NOW - (days - left) * DAY, NOW + left * DAY)
    assert is_due(one, ["otp.example.com"], NOW) is due


@given(st.integers(1, 400), st.floats(-400, 400))
def test_it_is_never_due_in_the_first_half_of_its_life_and_always_after_it(days, age):
    one = held(NOW, NOW + days * DAY)
    due = is_due(one, ["OTP.example.com"], NOW + age * DAY)
    assert not (due and age < days / 2)
    assert due or age < days


def test_other_names_want_another_one_whatever_the_clock_says():
    one = held(NOW, NOW + 90 * DAY)
    assert is_due(None, ["otp.example.com"], None)
    assert is_due(one, ["otp.example.com", "sms.example.com"], None)
    assert not is_due(one, ["otp.example.com"], None)  # nobody knows the time: the one that is there stays


def test_what_the_settings_lack_is_said_at_once(tmp_path):
    paths = Paths(tmp_path)
    settings = Settings(paths, NobodyRuns())
    ordering = Ordering(paths, settings.call)

    def refused(verb=OrderCertificate()):  # noqa: B008 - frozen
        with pytest.raises(BrokerError) as error:
            ordering.order(verb)
        return error.value.key

    def put(section, **values):
        return settings.call(
            SetSection(section=section, values={name: Secret(value) for name, value in values.items()})
        )

    assert refused() == "acme.inactive"
    assert ordering.order(OrderCertificate(renewal=True)).key == "acme.not_wanted"
    wrong = {problem.path for problem in put("acme", active="true").problems}
    assert wrong == {"acme.names", "acme.terms_agreed"}
    assert put("acme", names="otp..example.com,localhost,a b.c").problems
    assert put("acme", active="true", names="*.example.com", terms_agreed="true").changed
    assert refused() == "acme.no_account"
    put("cloudflare", token="t")
    (tmp_path / "run/otpb-apply").mkdir(parents=True)
    with pytest.raises(OSError, match="No such file"):
        ordering.order(OrderCertificate())  # nobody is there to be kept awake
