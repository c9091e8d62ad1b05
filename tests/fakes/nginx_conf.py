"""nginx's configuration read as nginx reads it (ngx_conf_read_token): what we write means what it should."""

from otpbroker.network.directives import Directive

_BLANK = " \t\r\n"


def parse(text):
    """The directives of a whole file; AssertionError for what nginx would refuse."""
    tokens = list(_tokens(text))
    directives, rest = _directives(tokens)
    assert not rest, rest
    return directives


def _tokens(text):
    """Words as ("word", text), and the three marks."""
    at = 0
    while at < len(text):
        mark = text[at]
        if mark in _BLANK:
            at += 1
        elif mark == "#":
            at = text.index("\n", at)
        elif mark in "{};":
            yield mark, mark
            at += 1
        else:
            word, at = _quoted(text, at) if mark in "\"'" else _bare(text, at)
            assert text[at] in _BLANK + "{;", text[at]
            yield "word", word


def _quoted(text, start):
    word, at = "", start + 1
    while text[at] != text[start]:
        if text[at] == "\\" and text[at + 1] in "\"'\\trn":
            word += {"t": "\t", "r": "\r", "n": "\n"}.get(text[at + 1], text[at + 1])
            at += 2
        else:
            word += text[at]
            at += 1
    return word, at + 1


def _bare(text, at):
    word = ""
    while text[at] not in _BLANK + ";{":
        assert text[at] not in "\"'\\}", text[at]
        word += text[at]
        at += 1
    return word, at


def _directives(tokens):
    found = []
    while tokens and tokens[0][0] != "}":
        words = []
        while tokens[0][0] == "word":
            words.append(tokens.pop(0)[1])
        kind, _ = tokens.pop(0)
        assert words
        holds = None
        if kind == "{":
            holds, tokens = _directives(tokens)
            assert tokens.pop(0)[0] == "}"
        found.append(Directive(words[0], tuple(words[1:]), holds))
    return tuple(found), tokens
