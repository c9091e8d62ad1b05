"""No sentence outside the words, none without both languages, none that nobody says."""

import ast
import re
import string
from html.parser import HTMLParser
from pathlib import Path

import jinja2
import pytest
from jinja2 import nodes

import otpbroker.panel
from fakes.panel_map import listings, settings_pages
from otpbroker.config.registry import SECTIONS
from otpbroker.panel.forms import fields_of
from otpbroker.panel.words import MODULES, PAIRS
from otpbroker.texts import ENGLISH

PANEL = Path(otpbroker.panel.__file__).parent
TEMPLATES = sorted((PANEL / "templates").rglob("*.html"))
SPOKEN = ("say", "may_say")
HOLE = "\x01"  # stands for what the template fills in
SHOWN_ATTRIBUTES = {"aria-label", "title", "placeholder", "alt", "label", "data-copied", "data-show", "data-hide"}
UNSPOKEN = {"code", "pre", "samp", "kbd", "script", "style"}  # programs' own words
NOT_SHOWN = {("modems", "id"), ("modems", "start_bits")}


def fields(template):
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


# What the words themselves are like


def test_no_key_is_in_two_modules():
    keys = [key for module in MODULES for key in module.WORDS]
    assert len(keys) == len(set(keys)) == len(PAIRS)
    assert not set(keys) & set(ENGLISH)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.rpartition(".")[2])
def test_both_languages_say_it_with_the_same_holes(module):
    for key, (english, indonesian) in module.WORDS.items():
        assert english.strip() == english, key
        assert indonesian.strip() == indonesian, key
        assert english, key
        assert indonesian, key
        assert fields(english) == fields(indonesian), key


# What templates and code name


def parsed(path):
    return jinja2.Environment(extensions=["jinja2.ext.do"], autoescape=True).parse(path.read_text())


def said(path):
    """(key or pattern, names given, line) of all that a template says; the names are None where they are not known."""
    for call in parsed(path).find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in SPOKEN and call.args:
            given = None if call.dyn_kwargs or call.dyn_args else {each.key for each in call.kwargs}
            for way in ways(call.args[0]):
                yield way, given, call.lineno


def ways(node):
    """Every form that an expression may take: text, with `.*` where it is not known."""
    match node:
        case nodes.Const():
            return [re.escape(str(node.value))]
        case nodes.TemplateData():
            return [re.escape(node.data)]
        case nodes.CondExpr():
            return ways(node.expr1) + (ways(node.expr2) if node.expr2 else [])
        case nodes.Concat():
            found = [""]
            for part in node.nodes:
                found = [before + way for before in found for way in ways(part)]
            return found
        case nodes.Getitem(node=nodes.Dict(items=items)):
            return [way for pair in items for way in ways(pair.value)]
        case _:
            return [".*"]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_what_a_template_says_exists_and_gets_its_details(path):
    known = PAIRS | {key: (sentence, sentence) for key, sentence in ENGLISH.items()}
    for way, given, line in said(path):
        if way == ".*":
            continue
        found = [key for key in known if re.fullmatch(way, key)]
        optional = way.startswith(("choice", "help"))
        assert found or optional, f"{path.name}:{line}: nothing to say for {way}"
        if given is not None and len(found) == 1:
            assert fields(known[found[0]][0]) == given, (
                f"{path.name}:{line}: {found[0]} gets other details than it names"
            )


def templates_name():
    """Everything that templates mention as text, in their expressions."""
    for path in TEMPLATES:
        for node in parsed(path).find_all((nodes.Const, nodes.Concat)):
            yield from ways(node)


def code_names():
    """Everything that the panel's code mentions as text."""
    for path in sorted(PANEL.rglob("*.py")):
        if path.parent.name == "words" and path.name != "__init__.py":
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield re.escape(node.value)
            elif isinstance(node, ast.JoinedStr):
                yield "".join(re.escape(part.value) if isinstance(part, ast.Constant) else ".*" for part in node.values)


def telling(way):
    """Whether it says more than that there are words."""
    return len(re.sub(r"\.\*|\\\.", "", way)) >= 3


def unsaid(keys):
    named = {way for way in (*templates_name(), *code_names()) if telling(way)}
    exact = {re.sub(r"\\(.)", r"\1", way) for way in named if ".*" not in way}
    open_ended = [re.compile(way) for way in named if ".*" in way]
    prefixes = {f"{each.words}." for each in (*listings(), *settings_pages())}
    endings = {
        way[3:].lstrip("\\") for way in {re.sub(r"\\\.", ".", way) for way in templates_name()} if way.startswith(".*.")
    }
    return [
        key
        for key in keys
        if key not in exact
        and not any(way.fullmatch(key) for way in open_ended)
        and not key.startswith(("field.", "help.", "choice."))
        and not any(key.startswith(each) and key.removeprefix(each) in endings for each in prefixes)
    ]


def test_no_sentence_is_there_that_nobody_says():
    assert unsaid(PAIRS) == []
    assert unsaid(["home.title", "home.never_said"]) == ["home.never_said"]


def test_words_of_fields_belong_to_a_field():
    for key in PAIRS:
        kind, _, rest = key.partition(".")
        section, _, name = rest.partition(".")
        if kind in ("field", "help", "choice") and section in SECTIONS:
            choice = ""
            if kind == "choice":
                name, _, choice = name.partition(".")
            assert name in fields_of(section), key
            assert not choice or choice in fields_of(section)[name].choices, key


@pytest.mark.parametrize("shown", [*listings(), *settings_pages()], ids=lambda shown: shown.path)
def test_a_page_of_settings_shows_every_field_and_names_it(shown):
    names = [name for group in shown.groups for name in group.names]
    assert len(names) == len(set(names))
    for name in set(names) | set(getattr(shown, "columns", ())):
        assert f"field.{shown.section}.{name}" in PAIRS, name
    everywhere = {
        name
        for page in (*listings(), *settings_pages())
        if page.section == shown.section
        for group in page.groups
        for name in group.names
    }
    hidden = {name for section, name in NOT_SHOWN if section == shown.section}
    assert set(fields_of(shown.section)) - hidden <= everywhere
    for group in shown.groups:
        assert group.key in PAIRS
    for ending in ("title", "intro", *(("add", "empty", "delete_means") if shown in listings() else ())):
        assert f"{shown.words}.{ending}" in PAIRS


# What stands in templates


class Bare(HTMLParser):
    """Collects text that people would read and that comes from the template itself."""

    def __init__(self):
        super().__init__()
        self.found = []
        self._open = []

    def handle_starttag(self, tag, attrs):
        named = dict(attrs)
        self._open.append((tag, "lang" in named and tag != "html"))
        for name in named.keys() & SHOWN_ATTRIBUTES:
            self._look(named[name])
        if tag == "button" or named.get("type") == "submit":
            self._look(named.get("value") if tag == "input" else "")

    def handle_endtag(self, tag):
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if not any(tag in UNSPOKEN or own for tag, own in self._open):
            self._look(data)

    def _look(self, text):
        bare = re.sub(HOLE, " ", text or "")
        bare = re.sub(r"""[\w-]+=("[^"]*"|'[^']*')""", " ", bare)  # a macro that makes attributes
        if re.search(r"[^\W\d_]{2,}", bare):
            self.found.append(bare.strip())


def without_expressions(source):
    """The template's own HTML, a hole for each expression."""
    environment = jinja2.Environment(extensions=["jinja2.ext.do"], autoescape=True)
    parts, inside = [], False
    for _, kind, value in environment.lex(source):
        if kind == "data" and not inside:
            parts.append(value)
        elif kind == "variable_begin":
            inside = True
            parts.append(HOLE)
        elif kind == "variable_end":
            inside = False
    return "".join(parts)


def bare_words(source):
    parser = Bare()
    parser.feed(without_expressions(source))
    parser.close()
    return parser.found


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_a_template_has_no_words_of_its_own(path):
    assert bare_words(path.read_text()) == []


def test_bare_words_are_found():
    assert bare_words("<p>{{ say('a') }} Hello</p>") == ["Hello"]
    assert bare_words('<img alt="A picture {{ x }}">') == ["A picture"]
    assert bare_words("{% if x %}<b title='{{ y }}'>·</b><code>curl</code>{% endif %}<b lang=en>English</b>") == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_a_template_escapes_and_has_nothing_inline(path):
    source = path.read_text()
    html = without_expressions(source)
    assert not re.search(r"\|\s*safe\b|autoescape|Markup", source)
    assert not re.search(r"<[^>]*\s(style|on\w+)\s*=", html), "the content security policy forbids it"
    assert not re.search(r"javascript:|hx-on|hx-vals=.js|<style", html)
    for tag in re.findall(r"<script[^>]*>", html):
        assert "src=" in tag
    assert not re.search(r"""(src|href|action)=["']?(https?:)?//""", html), "nothing comes from elsewhere"
    for form in re.findall(r"<form[^>]*method=.post.*?</form>", source, re.DOTALL):
        assert "csrf_field()" in form
