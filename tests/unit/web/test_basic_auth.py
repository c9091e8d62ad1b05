import base64
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.secrets import Secret
from otpbroker.system.throttle import MAX_FAILURES, WINDOW_S
from otpbroker.web.basic_auth import CACHE_S, Account, BasicAuth


def header(username, password):
    return b"Basic " + base64.b64encode(f"{username}:{password}".encode())


class Verifier:
    """Passwords are "stored" in clear here; how often one was checked is counted, as each costs 0.1 s in earnest."""

    def __init__(self):
        self.calls = 0

    def __call__(self, password, stored):
        self.calls += 1
        return bool(password) and password == stored


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def verifier():
    return Verifier()


@pytest.fixture
def auth(verifier, clock):
    auth = BasicAuth(verifier, clock)
    auth.replace_accounts(accounts())
    return auth


def accounts(**passwords):
    known = {"user": "password", "with:colon": "x", "empty": "", "Łukasz": "pässwörd"} | passwords
    return {
        "off": Account("off", Secret("password"), usable=False),
        **{name: Account(name, Secret(password), usable=True) for name, password in known.items()},
    }


def refused(auth, octets, address="10.0.0.1"):
    with pytest.raises(BrokerError) as caught:
        auth.user(octets, address)
    return caught.value


def test_right_credentials_are_hashed_once_in_five_minutes_of_use(auth, verifier, clock):
    for _ in range(5):
        assert auth.user(header("user", "password"), "10.0.0.1") == "user"
        clock.now += CACHE_S - 1
    assert verifier.calls == 1
    clock.now += 2
    auth.user(header("user", "password"), "10.0.0.1")
    assert verifier.calls == 2


@pytest.mark.parametrize(
    ("name", "password"),
    [("user", "Password"), ("user", ""), ("nobody", "password"), ("nobody", ""), ("off", "password"), ("empty", "")],
)
def test_everything_else_is_1100_at_the_same_cost(auth, verifier, name, password):
    assert refused(auth, header(name, password)).code == ResponseCode.UNAUTHORIZED
    assert verifier.calls == 1
    assert auth.failures == 1


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        b"Basic",
        b"Basic ",
        b"Basic !!!!",
        b"Basic dXNlcg==",
        b"Basic dXNlcjpwYXNzd29yZA",
        b"Basic \xff\xfe",
        b"Basic " + base64.b64encode(b"us\xe9r:password"),
        b"Bearer dXNlcjpwYXNzd29yZA==",
        b"Basic dXNlcjpwYXNzd29yZA==, Basic dXNlcjpwYXNzd29yZA==",
    ],
)
def test_malformed_headers_are_1100_without_a_hash(auth, verifier, octets):
    assert refused(auth, octets).code == ResponseCode.UNAUTHORIZED
    assert verifier.calls == 0


def test_scheme_case_colons_and_letters_beyond_ascii(auth):
    auth.replace_accounts(accounts(user="pass:word"))
    assert auth.user(header("user", "pass:word").replace(b"Basic", b"bASIC"), "a") == "user"
    assert auth.user(header("Łukasz", "pässwörd"), "a") == "Łukasz"
    assert refused(auth, header("with:colon", "x")).code == ResponseCode.UNAUTHORIZED


def test_a_changed_password_ends_the_old_one_at_once_and_spares_the_others(auth, verifier):
    auth.user(header("user", "password"), "a")
    auth.user(header("Łukasz", "pässwörd"), "a")
    auth.replace_accounts(accounts(user="changed!"))
    assert refused(auth, header("user", "password")).code == ResponseCode.UNAUTHORIZED
    calls = verifier.calls
    assert auth.user(header("Łukasz", "pässwörd"), "a") == "Łukasz"
    assert verifier.calls == calls


def test_a_password_changed_while_it_was_checked_is_not_remembered(clock):
    auth = BasicAuth(lambda password, stored: auth.replace_accounts({}) is None and password == stored, clock)
    auth.replace_accounts(accounts())
    auth.user(header("user", "password"), "a")
    assert refused(auth, header("user", "password")).code == ResponseCode.UNAUTHORIZED


def test_brute_force_is_slowed_by_address_and_by_name_and_spares_remembered_credentials(auth, verifier, clock):
    auth.user(header("user", "password"), "10.0.0.1")
    for attempt in range(MAX_FAILURES):
        refused(auth, header("user", f"guess{attempt}"))
    calls = verifier.calls
    for octets, address in ((header("user", "g"), "10.9.9.9"), (header("Łukasz", "pässwörd"), "10.0.0.1")):
        error = refused(auth, octets, address)
        assert error.code == ResponseCode.LIMIT
        assert 0 < error.retry_after_s <= WINDOW_S
    assert verifier.calls == calls
    assert auth.user(header("user", "password"), "10.0.0.1") == "user"
    assert auth.user(header("Łukasz", "pässwörd"), "10.9.9.9") == "Łukasz"


def test_a_flood_of_wrong_passwords_does_not_queue(clock):
    """One hash runs, two wait, the rest is told to come back; the same right credentials share one hash."""
    release, running = threading.Event(), threading.Event()

    def slow(password, stored):
        running.set()
        release.wait(5)
        return password == stored

    auth = BasicAuth(slow, clock)
    auth.replace_accounts(accounts())
    answers = []

    def ask(octets):
        try:
            answers.append(auth.user(octets, "a"))
        except BrokerError as error:
            answers.append(error.key)

    def started(octets):
        thread = threading.Thread(target=ask, args=(octets,))
        thread.start()
        return thread

    threads = [started(header("user", "password"))]
    assert running.wait(5)
    threads += [started(header("user", "password")) for _ in range(10)]
    threads += [started(header("user", f"wrong{number}")) for number in range(20)]
    for thread in threads:
        thread.join(0.05)
    assert answers == ["auth.busy"] * 18
    release.set()
    for thread in threads:
        thread.join(5)
    assert sorted(answers) == ["auth.busy"] * 18 + ["auth.required"] * 2 + ["user"] * 11


@given(st.binary(max_size=40))
def test_no_header_gets_in_or_breaks_it(octets):
    auth = BasicAuth(Verifier())
    auth.replace_accounts(accounts())
    assert refused(auth, octets).code == ResponseCode.UNAUTHORIZED
    assert refused(auth, b"Basic " + base64.b64encode(octets)).code in {ResponseCode.UNAUTHORIZED, ResponseCode.LIMIT}
