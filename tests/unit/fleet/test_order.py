import pytest

from otpbroker.errors import BrokerError
from otpbroker.fleet.order import Numbers, Order, check

INDONESIA = Numbers("62", ("007", "008", "001", "00"), 5)


def refusal(action):
    with pytest.raises(BrokerError) as refused:
        action()
    return refused.value.key


def test_typed_prefixes_become_route_classes():
    assert INDONESIA.route_classes(["0812", "62811", "+62 811", "0062814"]) == ("62811", "62812", "62814")


@pytest.mark.parametrize("prefix", ["0811 1", "6281", "081"])
def test_a_class_that_no_number_would_name_is_refused(prefix):
    assert refusal(lambda: INDONESIA.route_classes([prefix])) == "fleet.class_length"


def test_what_is_no_prefix_is_refused():
    with pytest.raises(BrokerError):
        INDONESIA.route_classes(["mail"])


@pytest.mark.parametrize("stem", ["", "a b", "sms/x", "sms.dead", "sms.62811", "sms.default", "sms.in"])
def test_a_stem_that_could_be_taken_for_a_queue_of_another_fleet_is_refused(stem):
    assert refusal(lambda: check(Order(stem=stem))) == "fleet.stem"


@pytest.mark.parametrize("stem", ["sms", "shop.sms", "sms-2", "62811", "deadline"])
def test_other_stems_are_taken(stem):
    check(Order(stem=stem))


@pytest.mark.parametrize("name", ["", "a\n", "a:b", "x" * 129])
def test_what_cannot_be_a_users_name_is_refused(name):
    assert refusal(lambda: check(Order(devices=(name,)))) == "fleet.user_name"
    assert refusal(lambda: check(Order(publishers=("shop", name)))) == "fleet.user_name"


def test_one_name_cannot_be_for_two_purposes():
    assert refusal(lambda: check(Order(devices=("a",), publishers=("a",)))) == "fleet.named_twice"
    assert refusal(lambda: check(Order(classes=("62811",), removed=("62811",)))) == "fleet.named_twice"
