import pytest
from hypothesis import given
from hypothesis import strategies as st

from otpbroker.ddns.public import of_interface, read
from otpbroker.errors import BrokerError
from otpbroker.system.addresses import Address


@pytest.mark.parametrize(
    ("text", "kind", "address"),
    [
        ("8.8.4.4\n", "A", "8.8.4.4"),
        ("fl=1\nip=8.8.4.4\nts=1", "A", "8.8.4.4"),
        ("2606:4700::0001\n", "AAAA", "2606:4700::1"),
        ("8.8.4.4", "AAAA", ""),
        ("2606:4700::1", "A", ""),
        ("192.168.1.7", "A", ""),
        ("10.0.0.1", "A", ""),
        ("100.64.0.1", "A", ""),
        ("127.0.0.1", "A", ""),
        ("224.0.0.1", "A", ""),
        ("fe80::1", "AAAA", ""),
        ("fd00::1", "AAAA", ""),
        ("<html>8.8.4.4</html>", "A", ""),
        ("8.8.4.4 8.8.8.8", "A", ""),
        ("", "A", ""),
    ],
)
def test_only_a_public_address_of_the_family_counts(text, kind, address):
    assert read(text, kind) == address


@given(st.text(), st.sampled_from(["A", "AAAA"]))
def test_nonsense_is_no_address(text, kind):
    assert read(f"x{text}", kind) == "" or "\n" in text or not text.isascii() or "ip=" in text


ADDRESSES = (
    Address("eth0", "192.168.1.7"),
    Address("eth0", "2606:4700::abcd", temporary=True),
    Address("eth0", "2606:4700::1"),
    Address("ppp0", "8.8.4.4"),
)


def test_an_interfaces_own_address_that_lasts():
    assert of_interface(ADDRESSES, "ppp0", "A") == "8.8.4.4"
    assert of_interface(ADDRESSES, "", "A") == "8.8.4.4"
    assert of_interface(ADDRESSES, "eth0", "AAAA") == "2606:4700::1"
    with pytest.raises(BrokerError) as private:
        of_interface(ADDRESSES, "eth0", "A")
    assert private.value.key == "ddns.interface_without"
