import pytest

from otpbroker.config import setup_code
from otpbroker.secrets import Secret
from otpbroker.system.files import Paths


@pytest.fixture
def paths(tmp_path):
    paths = Paths(tmp_path)
    paths.factory.mkdir(parents=True)
    setup_code.path(paths).write_text("K7QM-3XWP-H9TD\n")
    return paths


@pytest.mark.parametrize("typed", ["K7QM-3XWP-H9TD", "k7qm3xwph9td", " k7qm 3xwp h9td ", "K7QM–3XWP–H9TD"])
def test_a_code_is_right_however_it_is_typed(paths, typed):
    assert setup_code.is_asked(paths)
    assert setup_code.is_right(paths, Secret(typed))


@pytest.mark.parametrize("typed", ["", "-", "K7QM-3XWP-H9TE", "K7QM-3XWP-H9TDD", "\uff4b"])
def test_another_is_wrong(paths, typed):
    assert not setup_code.is_right(paths, Secret(typed))


@pytest.mark.parametrize("content", ["", "\0\0", "----"])
def test_where_there_is_none_nothing_is_right(paths, content):
    setup_code.path(paths).write_text(content)
    for typed in ("", "-", "\0\0"):
        assert not setup_code.is_right(paths, Secret(typed))
    setup_code.path(paths).unlink()
    assert not setup_code.is_asked(paths)
    assert not setup_code.is_right(paths, Secret(""))


def test_one_that_cannot_be_read_is_never_right(paths):
    setup_code.path(paths).unlink()
    setup_code.path(paths).mkdir()
    assert not setup_code.is_right(paths, Secret("K7QM-3XWP-H9TD"))
