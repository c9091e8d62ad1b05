import ast
import string
from pathlib import Path

import image.flashing
from image.flashing.words import WORDS, say


def fields(sentence):
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_both_languages_name_the_same():
    for key, (english, indonesian) in WORDS.items():
        assert fields(english) == fields(indonesian), key
        assert english.count("<b>") == indonesian.count("<b>") == indonesian.count("</b>"), key


def test_every_error_has_its_sentence_and_gets_what_it_names():
    for path in Path(image.flashing.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "FlashError":
                (key, *_) = node.args
                if isinstance(key, ast.Constant):
                    given = {each.arg for each in node.keywords}
                    assert fields(WORDS[key.value][0]) <= given, f"{path.name}:{node.lineno}"


def test_a_sentence():
    assert say("flash.same", "id") != say("flash.same", "en")
