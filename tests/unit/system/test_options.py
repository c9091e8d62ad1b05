from pathlib import Path
from typing import Literal

import pytest

from otpbroker.system import options


class Options(options.Options, frozen=True):
    door: Literal["front", "back"] = "front"
    most_guests: int = 3
    allow_loopback: bool = False


@pytest.mark.parametrize(
    ("argv", "expected"),
    [
        ([], Options()),
        (["--root", "var", "--allow-loopback"], Options(root=Path("var"), allow_loopback=True)),
        (["--root=a=b", "--most-guests=4", "--door", "back"], Options(root=Path("a=b"), most_guests=4, door="back")),
        (["--root", "--door"], Options(root=Path("--door"))),
    ],
)
def test_fields_are_options(argv, expected):
    assert options.read(Options, argv) == expected


@pytest.mark.parametrize(
    "argv", [["--dor", "back"], ["back"], ["root", "var"], ["--door", "side"], ["--most-guests", "x"], ["--root"]]
)
def test_what_is_no_option_ends_the_process(argv, capsys):
    with pytest.raises(SystemExit) as ended:
        options.read(Options, argv)
    assert ended.value.code == 2
    assert "--most-guests" in capsys.readouterr().err


def test_what_is_required_is_asked_for(capsys):
    class Needs(options.Options, frozen=True):
        door: str

    with pytest.raises(SystemExit):
        options.read(Needs, [])
    assert "door" in capsys.readouterr().err
