import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.cut import cut_off
from fakes.disk import read_only
from otpbroker.usbreset.obeyed import Obeyed


@pytest.fixture
def path(tmp_path):
    return tmp_path / "usbreset/obeyed.json"


def test_it_outlives_the_process_until_it_is_forgotten(path):
    Obeyed(path).add("one")
    later = Obeyed(path)
    later.add("two")
    assert (sorted(Obeyed(path)), "one" in later, "three" in later) == (["one", "two"], True, False)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    later.forget("one")
    assert list(Obeyed(path)) == ["two"]


def test_where_nothing_is_remembered_there_is_no_file(path):
    obeyed = Obeyed(path)
    obeyed.forget("one")
    obeyed.add("one")
    obeyed.forget("one")
    assert not path.exists()


@given(st.binary(max_size=100))
def test_what_a_broken_disk_makes_of_it_is_survived(tmp_path_factory, octets):
    path = tmp_path_factory.mktemp("state") / "obeyed.json"
    path.write_bytes(octets)
    assert "one" not in Obeyed(path)


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_cut_off_at_any_step_of_writing_it_is_the_old_or_the_new(path):
    Obeyed(path).add("one")
    step, done = 0, False
    while not done:
        done = cut_off(lambda: Obeyed(path).add("two"), after=step)
        assert list(Obeyed(path)) in (["one"], ["one", "two"])
        step += 1
    assert (list(Obeyed(path)), step > 3) == (["one", "two"], True)


def test_a_disk_that_refuses_costs_the_memory_of_the_next_life_only(path, tmp_path, caplog):
    obeyed = Obeyed(path)
    obeyed.add("one")
    with read_only(tmp_path):
        obeyed.add("two")
    assert "two" in obeyed
    assert "cannot be kept" in caplog.text
    assert list(Obeyed(path)) == ["one"]
