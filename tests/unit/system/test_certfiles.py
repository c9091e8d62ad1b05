import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    pkcs12,
)
from hypothesis import given
from hypothesis import strategies as st

from otpbroker.system import certfiles
from otpbroker.system import x509 as ours
from otpbroker.system.certfiles import NotTakenError, unpacked

AUTHORITY = trustme.CA()
MIDDLE = AUTHORITY.create_child_ca()
ISSUED = MIDDLE.issue_cert("sms.example.com", "10.0.0.5")
CHAIN = [pem.bytes() for pem in ISSUED.cert_chain_pems]
KEY = ISSUED.private_key_pem.bytes()
ROOT = AUTHORITY.cert_pem.bytes()
PASSPHRASE = "frasa sandi ö"
_KEY = load_pem_private_key(KEY, None)
_CERTIFICATES = [x509.load_pem_x509_certificate(pem) for pem in (*CHAIN, ROOT)]


def locked_key(form):
    return _KEY.private_bytes(Encoding.PEM, form, BestAvailableEncryption(PASSPHRASE.encode()))


def packed(passphrase):
    encryption = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
    return pkcs12.serialize_key_and_certificates(b"name", _KEY, _CERTIFICATES[0], _CERTIFICATES[1:], encryption)


def der(pem):
    return x509.load_pem_x509_certificate(pem).public_bytes(Encoding.DER)


WAYS = {
    "chain and key": [b"".join(CHAIN), KEY],
    "key first, all in one": [KEY + b"".join(CHAIN)],
    "any order, with the authority": [ROOT + CHAIN[1], KEY, CHAIN[0]],
    "from Windows, with words around": [b"Bag Attributes\r\n" + b"\r\n".join((*CHAIN, KEY)).replace(b"\n", b"\r\n")],
    "DER": [*map(der, CHAIN), _KEY.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())],
    "PKCS#12 without a passphrase": [packed("")],
    "an empty file beside": [b"", b"".join(CHAIN), KEY],
}


@pytest.mark.parametrize("files", WAYS.values(), ids=WAYS)
def test_every_form_becomes_the_same(files):
    pair = unpacked(files, "")
    assert pair.chain.encode() == b"".join(CHAIN)
    assert load_pem_private_key(pair.key.encode(), None).private_numbers() == _KEY.private_numbers()
    assert ours.fault_of(*pair) == ""


@pytest.mark.parametrize(
    "files",
    [
        [*CHAIN, locked_key(PrivateFormat.PKCS8)],
        [*CHAIN, locked_key(PrivateFormat.TraditionalOpenSSL)],
        [packed(PASSPHRASE)],
    ],
    ids=["PKCS#8", "traditional", "PKCS#12"],
)
def test_a_passphrase_opens_it_and_is_gone(files):
    assert unpacked(files, PASSPHRASE) == unpacked([*CHAIN, KEY], "")
    for given_one, key in (("", "passphrase_missing"), ("wrong", "passphrase_wrong")):
        with pytest.raises(NotTakenError) as refused:
            unpacked(files, given_one)
        assert (refused.value.key, refused.value.field) == (key, "passphrase")


def test_a_passphrase_that_nothing_needs_does_no_harm():
    assert unpacked([*CHAIN, KEY], "x") == unpacked([*CHAIN, KEY], "")


@pytest.mark.parametrize(
    ("files", "key"),
    [
        ([], "no_certificate"),
        ([b""], "no_certificate"),
        ([KEY], "no_certificate"),
        (CHAIN, "no_key"),
        ([ROOT, KEY], "key_of_another"),
        ([b"hello"], "unreadable"),
        ([b"\x30\x82\x01"], "passphrase_missing"),
        ([CHAIN[0].replace(b"M", b"N", 1), KEY], "unreadable"),
        ([*CHAIN, b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"], "unreadable"),
        (CHAIN * 11, "too_many"),
    ],
)
def test_what_is_not_taken(files, key):
    with pytest.raises(NotTakenError) as refused:
        unpacked(files, "")
    assert refused.value.key == key


@given(st.binary(max_size=200) | st.builds(lambda at, junk: packed("")[:at] + junk, st.integers(0, 900), st.binary()))
def test_whatever_is_uploaded_gets_a_plain_word(octets):
    with pytest.raises(NotTakenError):
        unpacked([octets], "x")


def test_what_a_certificate_says():
    told = certfiles.said(b"".join(CHAIN).decode())
    assert told.names == ["sms.example.com", "10.0.0.5"]
    assert (told.self_signed, told.first < told.last) == (False, True)
    assert len(told.fingerprint) == 95
    root = certfiles.said(ROOT.decode())
    assert (root.self_signed, root.names) == (True, [])
    assert certfiles.said("nothing") is None


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        (ec.generate_private_key(ec.SECP384R1()), "EC 384"),
        (rsa.generate_private_key(public_exponent=65537, key_size=2048), "RSA 2048"),
        (ed25519.Ed25519PrivateKey.generate(), "Ed25519"),
    ],
)
def test_what_kind_of_key_it_has(key, kind):
    assert certfiles._kind(key.public_key()) == kind
