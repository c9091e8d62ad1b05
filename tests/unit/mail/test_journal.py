import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otpbroker.mail.journal import MOST_NAMES, Journal


class Calendar:
    def __init__(self, day="2026-11-23"):
        self.day = day

    def __call__(self):
        return self.day


@pytest.fixture
def calendar():
    return Calendar()


def test_a_name_is_known_from_the_moment_it_leaves_also_to_the_next_life(tmp_path, calendar):
    journal = Journal(tmp_path, calendar)
    journal.begun("aa", "gmail 1")
    journal.begun("bb", "gmail 1")
    journal.withdrawn("bb", "gmail 1")
    for life in (journal, Journal(tmp_path, calendar)):  # the first one did not even close its file
        assert (life.has("aa"), life.has("bb"), life.sent_today("gmail 1")) == (True, False, 1)


def test_a_new_day_counts_anew_and_knows_the_names_of_the_last(tmp_path, calendar):
    journal = Journal(tmp_path, calendar)
    journal.begun("aa", "a")
    calendar.day = "2026-11-25"
    for life in (journal, Journal(tmp_path, calendar)):
        assert (life.has("aa"), life.sent_today("a")) == (True, 0)
    journal.begun("bb", "a")
    calendar.day = "2026-11-26"
    for life in (journal, Journal(tmp_path, calendar)):
        assert (life.has("aa"), life.has("bb")) == (False, True)


def test_a_clock_that_jumps_and_comes_back_forgets_no_count(tmp_path, calendar):
    journal = Journal(tmp_path, calendar)
    journal.begun("aa", "a")
    for calendar.day in ("1970-01-01", "2036-11-23", "2036-11-24", "2026-11-23"):
        journal.begun(f"of {calendar.day}", "b")
    assert journal.sent_today("a") == 1
    assert journal.has("aa")


def test_few_files_are_kept(tmp_path, calendar):
    for number in range(1, 29):
        calendar.day = f"2026-11-{number:02}"
        Journal(tmp_path, calendar).begun("aa", "a")
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"2026-11-{n}" for n in (25, 26, 27, 28)]


def test_the_newest_names_are_kept_and_all_are_counted(tmp_path, calendar):
    journal = Journal(tmp_path, calendar)
    for number in range(MOST_NAMES + 5):
        journal.begun(f"{number:024x}", "a")
    for life in (journal, Journal(tmp_path, calendar)):
        assert [life.has(f"{number:024x}") for number in (4, 5, MOST_NAMES + 4)] == [False, True, True]
        assert life.sent_today("a") == MOST_NAMES + 5


def test_a_torn_line_spoils_no_other(tmp_path, calendar):
    Journal(tmp_path, calendar).begun("aa", "a")
    with (tmp_path / calendar.day).open("ab") as file:
        file.write(b"+bb")  # a power cut
    Journal(tmp_path, calendar).begun("cc", "a")
    journal = Journal(tmp_path, calendar)
    assert (journal.has("aa"), journal.has("cc"), journal.sent_today("a")) == (True, True, 2)


def test_without_a_disk_it_goes_on_in_memory_and_says_so(tmp_path, calendar):
    journal = Journal(tmp_path / "missing", calendar)
    journal.begun("aa", "a")
    assert (journal.has("aa"), journal.sent_today("a"), journal.broken) == (True, 1, True)
    (tmp_path / "missing").mkdir()
    journal.begun("bb", "a")
    assert not journal.broken


@settings(max_examples=50)
@given(st.lists(st.tuples(st.booleans(), st.sampled_from("abc"), st.sampled_from(["x", "y z"])), max_size=30))
def test_the_next_life_knows_what_this_one_does(tmp_path_factory, events):
    folder, calendar = tmp_path_factory.mktemp("days"), Calendar()
    journal = Journal(folder, calendar)
    for begun, name, account in events:
        (journal.begun if begun else journal.withdrawn)(name, account)
    later = Journal(folder, calendar)
    for name in "abc":
        assert later.has(name) is journal.has(name)
    for account in ("x", "y z"):
        assert later.sent_today(account) == journal.sent_today(account) >= 0
