import copy
import pickle

import pytest

from otpbroker.secrets import MessageText, Secret


@pytest.mark.parametrize("show", [str, repr, "{}".format, lambda s: f"{s!r:>20}", lambda s: f"{[s]} { ({'k': s}) }"])
def test_no_rendering_shows_the_value(show):
    assert "hunter2" not in show(Secret("hunter2"))
    assert "hunter2" not in show(MessageText("hunter2"))


def test_reveal_is_the_only_way():
    assert Secret("x").reveal() == "x"
    assert not Secret()
    with pytest.raises(TypeError):
        pickle.dumps(Secret("x"))
    assert copy.deepcopy(Secret("x")) == Secret("x")


def test_a_secret_equals_only_its_own_kind():
    assert Secret("x") == Secret("x")
    assert Secret("x") != "x"
    assert len(MessageText("abc")) == 3
