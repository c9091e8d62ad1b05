import jinja2
import pytest

from otpbroker.panel import compiled
from otpbroker.panel.filters import Filters


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cache") / "templates"
    compiled.compile_all(folder)
    return folder


@pytest.fixture
def compiling(monkeypatch):
    """The names of what is compiled."""
    names = []

    def compile_it(_, _source, name, *_arguments, **_options):
        names.append(name)
        return compile("", "<template>", "exec")

    monkeypatch.setattr(jinja2.Environment, "compile", compile_it)
    return names


def load(environment, name):
    source = environment.loader.get_source(environment, name)
    return environment.bytecode_cache.get_bucket(environment, name, source[1], source[0]).code


def test_every_template_was_compiled_beforehand(kept, compiling):
    environment = compiled.environment(Filters, kept)
    for name in environment.list_templates():
        environment.get_template(name)
    assert compiling == []
    assert {path.stat().st_mode & 0o777 for path in kept.iterdir()} == {0o644}


def test_what_was_compiled_from_another_source_is_not_used(kept, compiling, tmp_path):
    environment = compiled.environment(Filters, kept)
    source, filename, _ = environment.loader.get_source(environment, "login.html")
    environment.loader = jinja2.FunctionLoader(lambda _: (source + " ", filename, None))
    with pytest.raises(KeyError):  # what the stand-in for compiling makes is no template
        environment.get_template("login.html")
    assert compiling == ["login.html"]


@pytest.mark.parametrize("content", [b"", b"nonsense", None])
def test_a_damaged_file_counts_as_missing_and_stays(kept, content, tmp_path):
    for path in kept.iterdir():
        whole = path.read_bytes()
        (tmp_path / path.name).write_bytes(whole[: len(whole) // 2] if content is None else content)
    environment = compiled.environment(Filters, tmp_path)
    assert load(environment, "login.html") is None
    assert environment.get_template("login.html").name == "login.html"
    assert load(environment, "login.html") is None


def test_the_panel_writes_nothing(tmp_path):
    compiled.environment(Filters, tmp_path).get_template("login.html")
    assert list(tmp_path.iterdir()) == []


def test_old_ones_go(kept, tmp_path):
    (tmp_path / "old").touch()
    compiled.compile_all(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {path.name for path in kept.iterdir()}
