import datetime as dt
import ssl

import pytest
import trustme
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from hypothesis import given
from hypothesis import strategies as st

from otpbroker.system import x509

FIRST, LAST = dt.datetime(2025, 1, 1, tzinfo=dt.UTC), dt.datetime(2036, 1, 1, tzinfo=dt.UTC)
OURS = x509.self_signed(("otpbroker.local", "sms.example.com"), ("192.168.0.11", "fd00::1"), FIRST, LAST)
CHAIN, KEY = OURS[: OURS.index("-----BEGIN PRIVATE")], OURS[OURS.index("-----BEGIN PRIVATE") :]


def issued(**options):
    """Chain (the server's own first) and key, of an authority."""
    authority = trustme.CA()
    middle = authority.create_child_ca()
    made = middle.issue_cert("sms.example.com", **options)
    return [pem.bytes().decode() for pem in made.cert_chain_pems], made.private_key_pem.bytes().decode()


def written(key, encryption=None):
    encryption = encryption or NoEncryption()
    return key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, encryption).decode()


def test_what_we_make_is_taken_and_says_whom_it_is_for():
    assert x509.fault_of(CHAIN, KEY) == ""
    assert x509.covers(OURS, {"sms.example.com"}, {"fd00::1", "192.168.0.11"})
    assert not x509.covers(OURS, {"other.example.com"}, ())
    assert not x509.covers(OURS, (), {"192.168.0.12"})
    assert x509.expires(OURS) == LAST


def test_it_is_no_authority_and_each_has_its_own_key():
    made = x509.x509.load_pem_x509_certificate(CHAIN.encode())
    assert not made.extensions.get_extension_for_class(x509.x509.BasicConstraints).value.ca
    other = x509.self_signed(("otpbroker.local",), (), FIRST, LAST)
    assert x509.fault_of(CHAIN, other[other.index("-----BEGIN PRIVATE") :]) == "key_of_another"


def test_who_trusts_it_reaches_the_device_by_name_and_address(tmp_path):
    client, server = ssl.create_default_context(cadata=CHAIN), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    (tmp_path / "pem").write_text(OURS)
    server.load_cert_chain(tmp_path / "pem")
    for name in ("sms.example.com", "192.168.0.11", "fd00::1"):
        assert shakes_hands(client, server, name)
    with pytest.raises(ssl.SSLCertVerificationError):
        shakes_hands(client, server, "evil.example.com")


def shakes_hands(client, server, name):
    """In memory."""
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    asking = client.wrap_bio(to_client, to_server, server_hostname=name)
    answering = server.wrap_bio(to_server, to_client, server_side=True)
    done = 0
    for _ in range(6):
        for side in (asking, answering):
            try:
                side.do_handshake()
                done += 1
            except ssl.SSLWantReadError:
                pass
    return done > 1


def test_a_chain_with_its_key():
    chain, key = issued()
    assert x509.fault_of("".join(chain), key) == ""
    assert x509.fault_of("\r\n".join(chain).replace("\n", "\r\n"), key) == ""
    assert x509.fault_of("".join(reversed(chain)), key) == "certificate_order"
    assert x509.fault_of("".join(chain), KEY) == "key_of_another"


@pytest.mark.parametrize(
    ("chain", "key", "fault"),
    [
        (OURS, KEY, "key_in_certificate"),
        ("", KEY, "not_a_certificate"),
        ("hello", KEY, "not_a_certificate"),
        (CHAIN[:-60], KEY, "not_a_certificate"),
        (CHAIN.replace("M", "N", 1), KEY, "not_a_certificate"),
        (CHAIN, "", "not_a_private_key"),
        (CHAIN, CHAIN, "not_a_private_key"),
        (CHAIN, KEY[:-60], "not_a_private_key"),
    ],
)
def test_what_is_none(chain, key, fault):
    assert x509.fault_of(chain, key) == fault


def test_a_key_with_a_passphrase():
    key = load_pem_private_key(KEY.encode(), None)
    assert x509.fault_of(CHAIN, written(key, BestAvailableEncryption(b"x"))) == "key_has_passphrase"
    pkcs8 = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"x")).decode()
    assert x509.fault_of(CHAIN, pkcs8) == "key_has_passphrase"
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    assert x509.fault_of(CHAIN, public) == "not_a_private_key"


def test_what_browsers_would_refuse_is_refused_before():
    weak = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505 - the point
    assert x509.fault_of(signed_by(weak), written(weak)) == "certificate_weak"
    strong = ec.generate_private_key(ec.SECP384R1())
    assert x509.fault_of(signed_by(strong), written(strong)) == ""


def signed_by(key):
    name = x509.x509.Name([])
    made = x509.x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(FIRST).not_valid_after(LAST)
    return made.sign(key, x509.hashes.SHA256()).public_bytes(Encoding.PEM).decode()


@given(st.text() | st.builds(lambda at, junk: CHAIN[:at] + junk + CHAIN[at:], st.integers(0, len(CHAIN)), st.text()))
def test_whatever_is_pasted_gets_a_plain_word(text):
    x509.fault_of(text, KEY)
    x509.fault_of(CHAIN, text)
    x509.covers(text, {"a"}, ())
