import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from otpbroker.config import plain, yaml_text
from otpbroker.config.registry import SECTIONS
from otpbroker.config.schema import SettingsError
from otpbroker.config.sections.modems import ModemSettings, ModemsSection
from otpbroker.config.store import render

WORDS = ("a", "version", "no", "~", "'", "''", "'it''s'", '"x"', ":", "-", "- ", ": ", " ", "#", " #", "[]", "{}", "é")
MORE = ("&a", "*a", "!t", "|", ">", "%", "?", "---", "...", "\t", "\n", "\r", "\u2028", "\x85", "0812", "a: b", "<<")
LINE = st.lists(st.sampled_from(WORDS + MORE), max_size=6).map("".join)
KEY = st.sampled_from(("a", "b", "version", "no", "x_1", "A", "a b"))
VALUE = st.sampled_from(WORDS) | LINE | st.text(max_size=12)
ENTRY = st.tuples(st.sampled_from(("", "  ", "    ", "- ", "  - ")), KEY, st.just(": "), VALUE).map("".join)
ITEM = st.tuples(st.sampled_from(("- ", "  - ", "    - ")), VALUE).map("".join)
OPEN = st.tuples(st.sampled_from(("", "  ", "- ", "  - ")), KEY, st.just(":")).map("".join)
DOCUMENTS = st.lists(ENTRY | ITEM | OPEN | LINE, max_size=9).map("\n".join).map(lambda text: text + "\n")
# What most settings are made of: lines that fit together more often.
FITTING = ("a: 1", "b:", "c: ''", "- 'x'", "- d: e", "  f: g", "  h:", "  - i", "    j: k", "l: []", "- m:n #o")
TIDY = st.lists(st.sampled_from(FITTING), max_size=8, unique=True).map("\n".join)
TREES = st.recursive(
    st.text(max_size=30), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEY, inner, max_size=3)
)


def by_yaml(text):
    try:
        return yaml_text.parse(text)
    except SettingsError:
        return "refused"


@settings(max_examples=800, deadline=None)
@given(DOCUMENTS | TIDY)
@example("a: 'x'\n  b: c\n")
@example("a:\n- b:\n  - c\n  d: e\n- b: 'it''s'\n")
@example("a: b\n- c: d\n")
@example("a:\n  b: c\n- d: e\n")
@example("a: 1\na: 2\n")
@example("a: b \n")
@example("a:\n")
def test_what_is_plain_is_what_yaml_says(text):
    found = plain.read(text)
    assert found is None or found == by_yaml(text)


@settings(max_examples=200, deadline=None)
@given(TREES)
def test_what_was_written_is_read_as_yaml_reads_it(value):
    text = yaml_text.render({"version": 1, "a": value}).decode()
    found = plain.read(text)
    assert found is None or found == by_yaml(text)


@pytest.mark.parametrize("name", SECTIONS)
def test_factory_settings_are_plain(name):
    text = render(SECTIONS[name].kind()).decode()
    assert plain.read(text) == by_yaml(text)


def test_ordinary_settings_are_plain():
    modem = ModemSettings(
        id="m0", name="Kasir #1: Öl", port="/dev/ttyUSB0", recipient_prefix=("62811", "62812"), tariffs=("62871:50@10",)
    )
    text = render(ModemsSection(modems=(modem, modem))).decode()
    assert plain.read(text) == by_yaml(text)


@pytest.mark.parametrize(
    "text", ["", "\n", "# why\na: b\n", 'a: "b"\n', "a: b\n\nc: d\n", "- a\n", "a: {b: c}\n", "a: |\n  b\n"]
)
def test_what_is_not_plain_is_left_to_yaml(text):
    assert plain.read(text) is None


def test_no_depth_is_too_deep():
    assert plain.read("".join("  " * depth + "a:\n" for depth in range(700))) is None
