import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.nginx_conf import parse
from otpbroker.network.directives import Directive, block, line, literal, written

words = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=40)
names = st.from_regex(r"[a-z_]{1,20}", fullmatch=True)
trees = st.recursive(
    st.builds(Directive, names, st.lists(words, max_size=4).map(tuple)),
    lambda inner: st.builds(
        Directive, names, st.lists(words, max_size=3).map(tuple), st.lists(inner, max_size=4).map(tuple)
    ),
    max_leaves=12,
)


@given(st.lists(trees, max_size=4).map(tuple))
def test_whatever_is_written_is_read_as_it_was(directives):
    assert parse(written(directives)) == directives


def test_it_looks_as_people_write_it():
    server = block("server", holds=(line("listen", 80), line("return", 503, 'say "no"; }')))
    assert written([server]) == 'server {\n  listen 80;\n  return 503 "say \\"no\\"; }";\n}\n'


@pytest.mark.parametrize("word", ["two\nlines", "\x00", "\x7f", "x" * 4001])
def test_what_nginx_cannot_read_as_one_word_is_refused(word):
    with pytest.raises(ValueError):
        written([line("return", word)])


def test_a_literal_has_no_variables():
    assert literal("https://panel") == "https://panel"
    with pytest.raises(ValueError):
        literal("$http_authorization")
