import pytest

from otpbroker.panel.sessions import LONGEST_S, MOST_SESSIONS, Notice, Sessions
from otpbroker.secrets import Secret


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def sessions(clock):
    return Sessions(600, clock)


def opened(sessions, name="budi"):
    return sessions.open(name, "192.168.0.20", "Firefox", Secret("hash"))


def test_a_session_is_found_by_its_token_and_by_nothing_else(sessions):
    token, session = opened(sessions)
    assert sessions.find(token) is session
    assert session.id not in token
    assert token not in repr(sessions._sessions)
    for other in (session.id, token[:-1], token.lower(), "", "ÿ"):
        assert sessions.find(other) is None


def test_who_does_nothing_is_out_and_who_does_something_stays(sessions, clock):
    token, _ = opened(sessions)
    for _ in range(5):
        clock.now += 599
        assert sessions.find(token)
    clock.now += 601
    assert sessions.find(token) is None


def test_no_session_lasts_longer_than_half_a_day(sessions, clock):
    token, _ = opened(sessions)
    end = clock.now + LONGEST_S
    while clock.now + 500 <= end:
        clock.now += 500
        assert sessions.find(token)
    clock.now = end + 1
    assert sessions.find(token) is None


def test_of_too_many_the_one_not_seen_for_longest_ends(sessions, clock):
    first, _ = opened(sessions)
    second, _ = opened(sessions)
    clock.now += 1
    for _ in range(MOST_SESSIONS - 2):
        opened(sessions)
    clock.now += 1
    assert sessions.find(first)
    opened(sessions)
    assert sessions.find(first)
    assert sessions.find(second) is None


def test_sessions_end_one_by_one_or_by_whose_they_are(sessions):
    token, session = opened(sessions)
    other, _ = opened(sessions)
    siti, _ = opened(sessions, "siti")
    sessions.end({session.id})
    assert [sessions.find(each) is None for each in (token, other, siti)] == [True, False, False]
    sessions.end_where(lambda each: each.username == "budi")
    assert [sessions.find(each) is None for each in (other, siti)] == [True, False]


def test_a_persons_sessions_the_last_seen_first(sessions, clock):
    _, older = opened(sessions)
    clock.now += 10
    token, _ = opened(sessions)
    opened(sessions, "siti")
    clock.now += 10
    sessions.find(token)
    found = sessions.of("budi")
    assert [each.id for each in found][-1] == older.id
    assert len(found) == 2


def test_a_notice_is_told_once(sessions):
    _, session = opened(sessions)
    session.notices.append(Notice("done", "list.added", {"name": "x"}))
    assert [notice.key for notice in session.take_notices()] == ["list.added"]
    assert session.take_notices() == []
