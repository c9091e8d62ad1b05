"""What a book of one-time passwords holds to, whatever is asked in whatever order."""

import itertools
from collections import Counter

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, multiple, rule

from otpbroker.config.sections.otp import OtpSection
from otpbroker.dispatch.otp.book import KEPT_S, Ask, Otp, OtpBook
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.verbs.dispatch import Sent

RULES = OtpSection(attempts=3, resend_s=30)
RIGHT, WRONG = b"r" * 32, b"w" * 32
NAMES = (f"{n:024x}" for n in itertools.count(1))
ASKERS = (f"{n:016x}".encode() for n in itertools.count(1))
FAILED = BrokerError(ResponseCode.FAILED, "modem.refused")


def sent(state="submitted", code=ResponseCode.SUCCESS):
    return Sent(message_id="a" * 24, state=state, code=code)


def ask(reference=b"1", receiver=b"628", content=b"c", **fields):
    return Ask(**({"reference": reference, "receiver": receiver, "content": content, "name": next(NAMES)} | fields))


def opened(book, asked=None, now_s=0.0, life_s=300.0, resend_s=0.0):
    asked = asked or ask()
    assert book.repeated(asked, now_s) is None
    otp = Otp(asked, b"salt", next(NAMES), now_s, now_s + life_s)
    book.open(otp, resend_s)
    otp.digest = RIGHT
    return otp


def verdict(act, *args):
    """The key of the refusal, None where there is none."""
    try:
        act(*args)
    except BrokerError as error:
        return error.key
    return None


def guess(book, digest, *, now_s=1.0, asker=None, rules=RULES):
    asker = asker or next(ASKERS)

    def whole():
        book.judge(book.attempt(b"1", asker, now_s, rules), digest, asker, now_s, rules)

    return verdict(whole)


def test_right_once():
    book = OtpBook()
    opened(book)
    assert [guess(book, digest) for digest in (WRONG, RIGHT, RIGHT, WRONG)] == [
        "otp.wrong",
        None,
        "otp.used",
        "otp.used",
    ]


def test_wrong_three_times_is_locked_also_for_the_right_code():
    book = OtpBook()
    opened(book)
    wrong = [guess(book, WRONG) for _ in range(3)]
    assert wrong == ["otp.wrong", "otp.wrong", "otp.locked"]
    assert guess(book, RIGHT) == "otp.locked"
    assert guess(book, RIGHT, now_s=300) == "otp.expired"


def test_the_number_of_attempts_is_the_one_in_force():
    book = OtpBook()
    opened(book)
    assert guess(book, WRONG, rules=OtpSection(attempts=1)) == "otp.locked"
    assert guess(book, RIGHT, rules=OtpSection(attempts=1)) == "otp.locked"
    assert guess(book, RIGHT, rules=OtpSection(attempts=2)) is None


def test_after_its_time():
    book = OtpBook()
    opened(book, life_s=60)
    assert guess(book, RIGHT, now_s=60) == "otp.expired"
    assert guess(book, RIGHT, now_s=60 + KEPT_S) == "otp.wrong"
    opened(book, now_s=61)
    assert guess(book, RIGHT, now_s=62) is None


def test_a_guess_that_was_begun_in_time_is_too_late_when_it_ends_after():
    book = OtpBook()
    opened(book, life_s=60)
    otp = book.attempt(b"1", b"a", 59.9, RULES)
    assert verdict(book.judge, otp, RIGHT, b"a", 60.1, RULES) == "otp.expired"


def test_right_guesses_at_once_succeed_once():
    book = OtpBook()
    opened(book)
    begun = [(book.attempt(b"1", asker, 1, RULES), asker) for asker in (b"a", b"b", b"c")]
    assert verdict(book.attempt, b"1", b"d", 1, RULES) == "otp.locked"
    ends = [verdict(book.judge, otp, RIGHT, asker, 1, RULES) for otp, asker in begun]
    assert ends == [None, "otp.used", "otp.used"]


def test_a_question_asked_again_has_the_same_answer():
    book = OtpBook()
    opened(book, life_s=60)
    assert [guess(book, digest, asker=b"a") for digest in (RIGHT, WRONG)] == [None, "otp.wrong"]
    assert guess(book, RIGHT, asker=b"a", now_s=61) is None
    assert guess(book, RIGHT, asker=b"b") == "otp.used"


def test_an_attempt_that_was_not_made_does_not_count():
    book = OtpBook()
    opened(book)
    for _ in range(9):
        book.give_back(book.attempt(b"1", b"a", 1, RULES))
    assert guess(book, RIGHT) is None


def test_an_unknown_reference_is_a_wrong_code():
    assert guess(OtpBook(), RIGHT) == "otp.wrong"


def test_a_reference_is_taken_until_its_time_is_over():
    book = OtpBook()
    opened(book, life_s=60)
    assert verdict(book.repeated, ask(), 59) == "otp.duplicate"
    assert guess(book, RIGHT) is None
    assert verdict(book.repeated, ask(), 59) == "otp.duplicate"
    opened(book, now_s=60)


@pytest.mark.parametrize("word", [FAILED, sent("failed", ResponseCode.FAILED), sent("expired", ResponseCode.EXPIRED)])
def test_what_did_not_go_out_is_free_again(word):
    book = OtpBook()
    asked = ask(key=b"k", binds=True)
    book.settle(opened(book, asked, resend_s=30), word)
    assert guess(book, RIGHT) == "otp.wrong"
    opened(book, asked, resend_s=30)
    assert len(book) == 1


@pytest.mark.parametrize("state", ["submitted", "delivered", "unknown"])
def test_what_may_have_gone_out_stands(state):
    book = OtpBook()
    otp = opened(book)
    book.settle(otp, sent(state))
    assert verdict(book.repeated, ask(), 1) == "otp.duplicate"
    assert guess(book, RIGHT) is None


def test_a_code_that_was_verified_stays_so_whatever_its_message_came_to():
    book = OtpBook()
    otp = opened(book)
    assert guess(book, RIGHT) is None
    book.settle(otp, FAILED)
    assert guess(book, RIGHT) == "otp.used"


def test_a_receiver_has_no_other_code_for_a_while():
    book = OtpBook()
    opened(book, resend_s=30)
    other = Otp(ask(b"2"), b"", next(NAMES), 10, 310)
    with pytest.raises(BrokerError) as caught:
        book.open(other, 30)
    error = caught.value
    assert (error.code, error.key, error.retry_after_s) == (ResponseCode.LIMIT, "otp.resend", 20)
    opened(book, ask(b"3", receiver=b"629"), now_s=10, resend_s=30)
    opened(book, ask(b"2"), now_s=30, resend_s=30)


def test_a_request_is_known_by_the_doors_name_its_key_or_its_brokers_word():
    book = OtpBook()
    asked = ask(key=b"k")
    otp = opened(book, asked)
    assert book.repeated(asked, 1) is otp
    assert book.repeated(ask(key=b"k"), 1) is otp
    assert verdict(book.repeated, ask(key=b"other"), 1) == "otp.duplicate"
    assert verdict(book.repeated, ask(key=b"other", again=True), 1) == "otp.duplicate"
    assert book.repeated(ask(again=True), 1) is otp
    assert verdict(book.repeated, ask(again=True, content=b"d"), 1) == "otp.duplicate"


def test_a_key_with_other_content():
    book = OtpBook()
    opened(book, ask(key=b"k", binds=True))
    for reference in (b"1", b"2"):
        other = ask(reference, content=b"d", key=b"k", binds=True)
        assert verdict(book.repeated, other, 1) == "idempotency.other_content"
    assert book.repeated(ask(b"2", content=b"d", key=b"k"), 1) is None


def test_a_key_is_known_for_a_day():
    book = OtpBook()
    asked = ask(key=b"k", binds=True)
    otp = opened(book, asked, life_s=60)
    assert book.repeated(asked, KEPT_S) is otp
    assert book.repeated(asked, KEPT_S + 60) is None


def test_one_in_lost_hands_is_made_afresh_when_its_time_is_over():
    book = OtpBook()
    asked = ask()
    otp = opened(book, asked, life_s=60)
    otp.in_hand = True
    assert otp.is_lost(asked)
    assert otp.is_lost(ask(again=True))
    assert not otp.is_lost(ask())
    assert book.repeated(asked, 59) is otp
    assert book.repeated(asked, 60) is None


def test_a_full_book_forgets_what_is_over_and_refuses_the_rest():
    book = OtpBook(most=3)
    for n in range(3):
        opened(book, ask(b"%d" % n, receiver=b"%d" % n, key=b"%d" % n), life_s=60)
    fourth = Otp(ask(b"4", receiver=b"4"), b"", next(NAMES), 10, 70)
    assert verdict(book.open, fourth, 0) == "otp.too_many"
    opened(book, ask(b"4", receiver=b"4"), now_s=60)
    assert [len(names) for names in (book, book._by_key, book._newest)] == [1, 0, 1]


class Chaos(RuleBasedStateMachine):
    """Every operation against a plain model, in any order, with guesses that overlap."""

    MOST = 4
    otps = Bundle("otps")
    guesses = Bundle("guesses")
    references = st.sampled_from([b"1", b"2", b"3", b"4", b"5", b"6"])

    def __init__(self):
        super().__init__()
        self.book = OtpBook(most=self.MOST)
        self.now_s = 100.0
        self.codes = (b"%032d" % n for n in itertools.count(1))
        self.newest = {}
        self.code_of = {}
        self.begun = Counter()
        self.used = set()
        self.closed = set()

    def is_open(self, otp):
        return self.newest[otp.ask.reference] is otp and otp not in self.closed and self.now_s < otp.expires_s

    @rule(target=otps, reference=references, receiver=references, life_s=st.sampled_from([1.0, 30.0, 300.0]))
    def open(self, reference, receiver, life_s):
        asked = ask(reference, receiver, key=next(ASKERS))
        otp = Otp(asked, b"", next(NAMES), self.now_s, self.now_s + life_s)
        taken = reference in self.newest and self.is_open(self.newest[reference])
        assert verdict(self.book.repeated, asked, self.now_s) == ("otp.duplicate" if taken else None)
        if taken or verdict(self.book.open, otp, 5.0) is not None:
            return multiple()
        self.newest[reference] = otp
        self.code_of[otp] = otp.digest = next(self.codes)
        return otp

    @rule(seconds=st.sampled_from([0.5, 2.0, 40.0]))
    def wait(self, seconds):
        self.now_s += seconds

    @rule(otp=otps, goes_out=st.booleans())
    def settle(self, otp, goes_out):
        self.book.settle(otp, sent() if goes_out else FAILED)
        if not goes_out and otp not in self.used:
            self.closed.add(otp)

    @rule(target=guesses, otp=otps, right=st.booleans())
    def begin(self, otp, right):
        asker = next(ASKERS)
        key, found = None, None
        try:
            found = self.book.attempt(otp.ask.reference, asker, self.now_s, RULES)
        except BrokerError as error:
            key = error.key
        if self.is_open(otp):
            spent = self.begun[otp] == RULES.attempts
            assert key == ("otp.used" if otp in self.used else "otp.locked" if spent else None)
            assert found is (None if key else otp)
        if key is not None:
            return multiple()
        self.begun[found] += 1
        return found, self.code_of[otp] if right else WRONG, asker

    @rule(begun=consumes(guesses))
    def end(self, begun):
        found, digest, asker = begun
        key = verdict(self.book.judge, found, digest, asker, self.now_s, RULES)
        right = found is not None and digest == self.code_of[found] and self.is_open(found) and found not in self.used
        assert (key is None) == right, key
        if right:
            self.used.add(found)

    @rule(otp=otps)
    def guess_wrong(self, otp):
        begun = self.begin(otp, right=False)
        if isinstance(begun, tuple):
            self.end(begun)

    @invariant()
    def memory_is_bounded(self):
        for names in (self.book, self.book._by_key, self.book._newest):
            assert len(names) <= self.MOST


TestChaos = Chaos.TestCase
TestChaos.settings = settings(max_examples=200, stateful_step_count=40, deadline=None)
