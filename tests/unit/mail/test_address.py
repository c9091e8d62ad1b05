import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from otpbroker.errors import BrokerError
from otpbroker.mail.address import MAX_OCTETS, parse


@pytest.mark.parametrize(
    ("typed", "wire"),
    [
        ("admin@domain.tld", "admin@domain.tld"),
        (" Admin@Domain.TLD ", "Admin@domain.tld"),
        ("a+tag.b_c'd@mail.example.co.id", "a+tag.b_c'd@mail.example.co.id"),
        ("a@bücher.example", "a@xn--bcher-kva.example"),
        ("用户@例子.测试", "用户@xn--fsqu00a.xn--0zwm56d"),
        ("e\u0301@example.org", "\u00e9@example.org"),
        ("root@localhost", "root@localhost"),
    ],
)
def test_an_address_in_the_form_of_the_wire(typed, wire):
    assert str(parse(typed)) == wire


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "@",
        "a@",
        "@b.id",
        "a.b.id",
        "a@b@c.id",
        ".a@b.id",
        "a..b@c.id",
        "a b@c.id",
        '"a b"@c.id',
        "<a@b.id>",
        "Name <a@b.id>",
        "a@b..id",
        "a@-b.id",
        "a@b.id.",
        "a@127.0.0.1",
        "a@[127.0.0.1]",
        "a@b.id\r\nDATA",
        "a@b.id,c@d.id",
        "a\u2028b@c.id",
        "a\ud800@c.id",
        "a@b\u2028.id",
        "a" * 65 + "@b.id",
        "ü" * 33 + "@b.id",
        "a@" + "b" * 64 + ".id",
        "a@" + "b." * 130 + "id",
    ],
)
def test_what_is_none_is_refused(typed):
    with pytest.raises(BrokerError, match=r"1105 mail\.address"):
        parse(typed)


def test_a_domain_of_two_meanings_is_refused():
    with pytest.raises(BrokerError, match=r"mail\.address_two_meanings"):
        parse("a@straße.de")
    assert str(parse("a@xn--strae-oqa.de")) == "a@xn--strae-oqa.de"


@given(st.text(max_size=300) | st.from_regex(r"[a-z.\r\n <>@ü]{1,40}@[a-z.\r\nü-]{1,40}", fullmatch=True))
@example("a@b\r\n.id")
def test_no_address_can_be_a_command(typed):
    try:
        wire = str(parse(typed))
    except BrokerError:
        return
    assert wire.isprintable()
    assert not set(wire) & set(' <>,;:"()[]\\')
    assert wire.count("@") == 1
    assert len(wire.encode()) <= MAX_OCTETS
    assert parse(wire) == parse(typed)


def test_a_log_shows_whose_it_is_to_nobody():
    assert parse("john.doe@example.com").masked == "j****@example.com"
    assert parse("ü@example.com").masked == "****@example.com"
