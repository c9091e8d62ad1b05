import pytest
from hypothesis import given
from hypothesis import strategies as st

from otpbroker.network.leased import MOST, parse
from otpbroker.verbs.network import Lease

NOW = 1_795_744_302.0
MACS = st.binary(min_size=6, max_size=6).map(lambda octets: octets.hex(":"))
LEASES = st.builds(
    Lease,
    address=st.ip_addresses(v=4).map(str),
    mac=MACS,
    until=st.integers(int(NOW) + 1, 2**33).map(float) | st.just(0.0),
    host=st.just("") | st.from_regex(r"[a-z0-9-]{1,20}", fullmatch=True),
)


def written(lease):
    return f"{lease.until:.0f} {lease.mac} {lease.address} {lease.host or '*'} 01:{lease.mac}\n"


@given(st.lists(LEASES, max_size=8, unique_by=lambda lease: lease.address))
def test_every_lease_is_read(leases):
    found = parse("".join(map(written, leases)), NOW)
    assert sorted(found, key=repr) == sorted(leases, key=repr)
    assert [tuple(map(int, lease.address.split("."))) for lease in found] == sorted(
        tuple(map(int, lease.address.split("."))) for lease in found
    )


def test_one_that_is_over_is_left_out():
    over = f"{NOW:.0f} 02:00:00:00:00:01 192.168.0.100 * 01:02\n"
    lasting = f"{NOW + 1:.0f} 06-02:00:00:00:00:02 192.168.0.101 hp *\n"
    (found,) = parse(over + lasting, NOW)
    assert (found.address, found.mac, found.host) == ("192.168.0.101", "02:00:00:00:00:02", "hp")


@pytest.mark.parametrize(
    "line",
    ["", "1", "x 02:00:00:00:00:01 192.168.0.100 *", "9999999999 02:00 192.168.0 * *", "\0\0", "²² a 1.1.1.1 b"],
)
def test_a_line_that_is_no_lease_is_left_out(line):
    sound = "9999999999 02:00:00:00:00:01 192.168.0.100 * *"
    assert len(parse(f"{line}\n{sound}\n", NOW)) == 1


def test_those_of_ipv6_are_not_ours():
    assert parse("duid 00:01\n9999999999 1 192.168.0.100 * 00\n", NOW) == []


@given(st.text(max_size=300))
def test_whatever_stands_there_is_read_without_a_word(text):
    assert len(parse(text, NOW)) <= MOST
