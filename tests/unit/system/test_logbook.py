import json
import logging
import os
import stat
from itertools import islice

import pytest

from otpbroker.system import log, logbook
from otpbroker.system.files import Paths
from otpbroker.system.log import KeptFile
from otpbroker.system.logbook import Folder, Journal, LogLine, Wanted, journal_argv, journal_line, kept_line


def record(message, at, level=logging.INFO):
    made = logging.LogRecord("dispatch", level, __file__, 1, message, None, None)
    made.created = at
    return made


@pytest.fixture
def keep(tmp_path):
    """Has a service log something; `most_octets` its file may hold."""
    kept = {}

    def write(service, message, at, level=logging.INFO, most_octets=10_000):
        file = kept.setdefault(service, KeptFile(tmp_path / f"{service}.log", most_octets))
        file.handle(record(message, at, level))

    yield write
    for file in kept.values():
        file.close()


def test_the_newest_of_all_services_first(tmp_path, keep):
    keep("api", "one", 10.5)
    keep("dispatch", "two\nlines", 11.25, logging.WARNING)
    keep("api", "three", 12.125)
    source = Folder(tmp_path)
    assert source.services() == ["api", "dispatch"]
    assert list(source.newest()) == [
        LogLine(12.125, "api", "INFO", "dispatch: three"),
        LogLine(11.25, "dispatch", "WARNING", "two\\nlines"),
        LogLine(10.5, "api", "INFO", "dispatch: one"),
    ]
    assert [line.text for line in source.newest(Wanted("dispatch"))] == ["two\\nlines"]
    assert list(source.newest(Wanted("nobody"))) == []
    assert list(source.newest(Wanted("../../etc/passwd"))) == []


def test_only_what_is_wanted(tmp_path, keep):
    keep("api", "an INFO of WARNING ", 1, logging.ERROR)
    keep("api", "12", 2)
    found = {name: [line.at for line in Folder(tmp_path).newest(wanted)] for name, wanted in WANTED.items()}
    assert found == {"part": [1], "level": [], "service": [2, 1], "time": []}


WANTED = {
    "part": Wanted(part="info OF"),
    "level": Wanted(levels=("INFO", "WARNING"), part="an info"),
    "service": Wanted("api"),
    "time": Wanted(part="2.000"),
}


def test_files_stay_small_and_what_was_before_is_still_there(tmp_path, keep):
    for number in range(100):
        keep("api", f"line {number}", number, most_octets=400)
    files = sorted(tmp_path.iterdir())
    assert [path.name for path in files] == ["api.log", "api.log.1"]
    assert all(path.stat().st_size <= 400 for path in files)
    assert [line.text for line in islice(Folder(tmp_path).newest(), 12)] == [
        f"dispatch: line {number}" for number in range(99, 87, -1)
    ]


def test_only_our_group_reads_it_and_a_next_life_goes_on_with_it(tmp_path):
    for at in (1.0, 2.0):
        file = KeptFile(tmp_path / "api.log")
        file.handle(record("ready", at))
        file.close()
    assert stat.S_IMODE((tmp_path / "api.log").stat().st_mode) & 0o027 == 0
    assert [line.at for line in Folder(tmp_path).newest()] == [2.0, 1.0]


def test_a_disk_that_refuses_stops_nobody(tmp_path):
    file = KeptFile(tmp_path / "gone" / "api.log")
    file.handle(record("ready", 1.0))
    (tmp_path / "gone").mkdir()
    file.handle(record("again", 2.0))
    file.close()
    assert [line.at for line in Folder(tmp_path / "gone").newest()] == [2.0]


@pytest.mark.parametrize("line", ["", "nonsense", "12.5", "12.5 INF", "x INFO api: y", "12.5 LOUD api: y"])
def test_half_a_line_is_none(line):
    assert kept_line("api", line) is None


FEEDER = "otpb-feeder@amqp.service"


def entry(**fields):
    facts = {"__REALTIME_TIMESTAMP": "1795744302250000", "_SYSTEMD_UNIT": "otpb-api.service", "PRIORITY": "6"}
    return json.dumps(facts | fields)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (entry(MESSAGE="INFO api: ready"), ("api", "INFO", "ready")),
        (
            entry(MESSAGE="ERROR otpbroker.x: y", _SYSTEMD_UNIT=FEEDER),
            ("feeder-amqp", "ERROR", "x: y"),
        ),
        (entry(MESSAGE="Main process exited", PRIORITY="4"), ("api", "WARNING", "Main process exited")),
        (entry(MESSAGE=[73, 78, 70, 79, 32, 195, 40, 10]), ("api", "INFO", "\N{REPLACEMENT CHARACTER}(\\n")),
        (entry(MESSAGE=None), ("api", "INFO", "")),
        (entry(MESSAGE="a", PRIORITY="99"), ("api", "INFO", "a")),
    ],
)
def test_lines_of_the_journal(line, expected):
    found = journal_line(line)
    assert found == (1795744302.25, *expected)
    assert found.text.isprintable()


@pytest.mark.parametrize(
    "line",
    ["", "[1]", "{}", "not json", entry(_SYSTEMD_UNIT="ssh.service"), entry(PRIORITY="high"), entry(PRIORITY=None)],
)
def test_what_is_not_ours_or_not_readable_is_left_out(line):
    assert journal_line(line) is None


def test_the_journal_is_asked_for_our_units_only():
    assert journal_argv("")[-1] == "--unit=otpb-*"
    assert journal_argv("feeder-amqp")[-1] == "--unit=otpb-feeder@amqp.service"


def test_the_journals_program(tmp_path, monkeypatch):
    """It says what it is told, the newest first."""
    program = tmp_path / "journalctl"
    lines = [entry(MESSAGE="INFO api: new"), entry(MESSAGE="INFO x: old", _SYSTEMD_UNIT="otpb-mail.service")]
    (tmp_path / "lines").write_text("\n".join(lines) + "\n")
    program.write_text(
        f'#!/bin/sh\nif [ "$1" = --output=json ]; then cat {tmp_path}/lines; '
        "else printf 'otpb-mail.service\\nssh.service\\notpb-api.service\\n'; fi\n"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    source = logbook.found(Paths(tmp_path))
    assert isinstance(source, Journal)
    assert source.services() == ["api", "mail"]
    assert [line.text for line in source.newest()] == ["new", "x: old"]
    assert [line.text for line in source.newest(Wanted("mail"))] == ["x: old"]
    (tmp_path / "run/log").mkdir(parents=True)
    assert isinstance(logbook.found(Paths(tmp_path)), Folder)
    monkeypatch.setenv("PATH", "/nowhere")
    assert logbook.found(Paths(tmp_path / "other")) is None
    assert list(source.newest()) == []


def test_a_service_keeps_its_log_where_its_environment_says(tmp_path, monkeypatch):
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    monkeypatch.setenv(log.FOLDER, str(tmp_path))
    try:
        log.start("mail").info("ready")
        for handler in root.handlers:
            handler.close()
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
    assert [(line.service, line.text) for line in Folder(tmp_path).newest()] == [("mail", "ready")]
