import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from otpbroker.panel import spreadsheet

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)


def read(octets):
    return list(csv.reader(io.StringIO(octets.decode(), newline=""), strict=True))


@given(st.lists(st.lists(TEXT, min_size=1, max_size=4), max_size=4))
def test_every_table_reads_as_it_was_written_but_for_formulas(rows):
    told = read(spreadsheet.lines(rows))
    assert [[cell.removeprefix("'") for cell in row] for row in told if row] == [
        [cell.removeprefix("'") for cell in row] for row in rows if row != [""]
    ]


@given(st.sampled_from("=+-@\t\r"), TEXT)
def test_no_cell_is_a_formula(first, rest):
    ((cell, number),) = read(spreadsheet.lines([[first + rest, -5]]))
    assert cell == f"'{first}{rest}"
    assert number == "-5"


def test_lines_end_as_the_rfc_says():
    assert spreadsheet.lines([["a", None, 1], ['b"', "c,d", "e\nf"]]) == b'a,,1\r\n"b""","c,d","e\nf"\r\n'
