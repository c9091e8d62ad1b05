"""The backup file: what comes out is what went in, for whoever has the passphrase and nobody else."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fakes.readme import example
from otpbroker.apply import backup
from otpbroker.apply.backup import Content
from otpbroker.errors import BrokerError
from otpbroker.secrets import Secret
from otpbroker.verbs.backup import MAX_FILE_OCTETS, MAX_LISTED, Listed

PASSPHRASE = Secret("kuda laut biru 7")
CONTENT = Content(
    made_at=1_800_000_000.5,
    device="Kantor",
    settings={"email": {"version": 1, "email": [{"name": "kantor", "password": "canary-sandi"}]}},
    block_list=Listed(blocked=["6281234567890"], unblocked=["6281234567891"]),
)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)
SETTINGS = st.dictionaries(st.text(max_size=8), st.dictionaries(st.text(max_size=8), VALUES, max_size=4), max_size=4)
NUMBERS = st.lists(st.from_regex(r"[1-9][0-9]{7,14}", fullmatch=True), max_size=5)


@pytest.fixture(scope="module")
def file():
    return backup.seal(CONTENT, PASSPHRASE)


def why(text, passphrase=PASSPHRASE):
    with pytest.raises(BrokerError) as refused:
        backup.opened(text, passphrase)
    return refused.value.key


@settings(max_examples=25, deadline=None)
@given(sections=SETTINGS, blocked=NUMBERS, passphrase=st.text(min_size=10, max_size=30))
def test_what_goes_in_comes_out(sections, blocked, passphrase):
    content = Content(made_at=1.5, device="d", settings=sections, block_list=Listed(blocked=blocked))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(backup, "_N", 2)
        assert backup.opened(backup.seal(content, Secret(passphrase)), Secret(passphrase)) == content


def test_nothing_of_the_content_can_be_read_in_the_file(file):
    for word in ("canary-sandi", "kantor", "Kantor", "6281234567890"):
        assert word not in file
    assert json.loads(file).keys() == {"format", "version", "salt", "sealed", "sha256"}


def test_two_backups_of_the_same_have_nothing_in_common(file):
    other = json.loads(backup.seal(CONTENT, PASSPHRASE))
    assert not {other["salt"], other["sealed"]} & set(json.loads(file).values())


def test_each_failure_has_its_own_sentence(file):
    document = json.loads(file)
    assert why(file, Secret("kuda laut biru 8")) == "backup.wrong_passphrase"
    assert why(json.dumps(document | {"version": 2})) == "backup.other_version"
    assert why(json.dumps(document | {"format": "something"})) == "backup.not_ours"
    assert why(file[: len(file) // 2]) == "backup.damaged"
    for other in ("", "no JSON", "[]", '{"command":"send-sms"}', "\0" * 100, "[" * 100_000):
        assert why(other) == "backup.not_ours"
    assert why(" " * (MAX_FILE_OCTETS + 1)) == "backup.too_large"


@pytest.mark.parametrize("member", ["salt", "sealed", "sha256"])
def test_a_changed_octet_is_damage(file, member):
    document = json.loads(file)
    text = document[member]
    changed = text[:20] + ("A" if text[20] != "A" else "B") + text[21:]
    assert why(json.dumps(document | {member: changed})) == "backup.damaged"
    assert why(json.dumps(document | {member: "*"})) == "backup.damaged"


def test_what_was_altered_and_given_a_new_sum_does_not_open(file):
    document = json.loads(file)
    sealed = bytearray(backup._read(file.encode()).sealed)
    sealed[30] ^= 1
    salt = backup._read(file.encode()).salt
    forged = json.dumps(
        document | {"sealed": backup.base64.b64encode(sealed).decode(), "sha256": backup._digest(salt, bytes(sealed))}
    )
    assert why(forged) == "backup.wrong_passphrase"


def test_few_octets_that_stand_for_very_many_are_refused(monkeypatch):
    monkeypatch.setattr(backup, "_N", 2)
    bomb = backup.zlib.compress(b" " * (64 * 1024 * 1024), 9)
    salt = bytes(16)
    sealed = bytes(backup._box(PASSPHRASE, salt).encrypt(bomb))
    file = backup._File(salt=salt, sealed=sealed, sha256=backup._digest(salt, sealed))
    assert why(backup.msgspec.json.encode(file).decode()) == "backup.damaged"


def test_a_short_passphrase_is_refused():
    with pytest.raises(BrokerError) as refused:
        backup.seal(CONTENT, Secret("123456789"))
    assert refused.value.key == "backup.passphrase_short"


def test_the_longest_block_list_fits(monkeypatch):
    monkeypatch.setattr(backup, "_N", 2)
    numbers = [f"62{811_000_000_00 + at * 7919}" for at in range(MAX_LISTED)]
    content = Content(made_at=0, device="d", settings={}, block_list=Listed(blocked=numbers))
    assert backup.opened(backup.seal(content, PASSPHRASE), PASSPHRASE) == content


def test_the_readme_says_how_to_open_a_file_without_this_product(file, tmp_path, monkeypatch, capsys):
    path = tmp_path / "backup.json"
    path.write_text(file)
    monkeypatch.setattr("sys.argv", ["open", str(path)])
    monkeypatch.setattr("builtins.input", PASSPHRASE.reveal)
    exec(example("Backup", "python"), {})  # noqa: S102 - the README's own words
    assert backup.msgspec.json.decode(capsys.readouterr().out, type=Content) == CONTENT
