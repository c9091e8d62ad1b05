import base64
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from fakes import languages
from otpbroker.config.sections.api import ApiSection
from otpbroker.panel.samples import TASKS, api_address, path_of, samples

AWKWARD = "a'b\"c\\d\\'e`f$g${h}«password»<i>%s!&|;#\u00fc\u2028\U0001f600"
ANSWER = b'{"response_code":"0000"}'


class _Server(HTTPServer):
    """Keeps what it was sent; an `answer` of 401 proves that samples show a refusal too."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.got = []
        self.answer = 200

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        scheme, _, login = self.headers["Authorization"].partition(" ")
        assert scheme == "Basic"
        self.server.got.append((self.path, base64.b64decode(login).decode(), json.loads(body)))
        self.send_response(self.server.answer)
        self.send_header("Content-Length", str(len(ANSWER)))
        self.end_headers()
        self.wfile.write(ANSWER)

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    with _Server() as made:
        thread = threading.Thread(target=made.serve_forever, args=(0.02,))
        thread.start()
        yield made
        made.shutdown()
        thread.join()


@pytest.mark.parametrize("language", languages.COMMANDS)
def test_a_sample_says_what_it_should_whatever_the_name_and_password_hold(server, language, tmp_path):
    if not languages.is_here(language):
        pytest.skip(f"no {language} here")
    server.answer = 401
    made = {each.name: each.text for each in samples(server.address, "/api/sms~x", AWKWARD, AWKWARD, to=AWKWARD)}
    said = languages.run(language, made[language], tmp_path)
    assert json.loads(said) == json.loads(ANSWER)
    ((path, login, command),) = server.got
    assert (path, login) == ("/api/sms~x", f"{AWKWARD}:{AWKWARD}")
    assert (command["command"], command["data"]["msisdn"]) == ("send-sms", AWKWARD)


def test_every_language_has_every_task_and_nothing_is_left_to_fill_in():
    for task in TASKS:
        made = samples("http://192.168.0.11:8889", "/api/x", "shop", "PASSWORD", task)
        assert [each.name for each in made] == list(languages.COMMANDS)
        for each in made:
            assert "http://192.168.0.11:8889/api/x" in each.text
            assert "«" not in each.text


def test_the_address_is_the_one_the_browser_would_reach():
    assert api_address("192.168.0.11:8888", ApiSection()) == "http://192.168.0.11:8889"
    assert api_address("[fd00::1]:8888", ApiSection(http_port=80)) == "http://[fd00::1]:80"
    both = ApiSection(https_enabled=True)
    assert api_address("otpbroker.local", both) == "http://otpbroker.local:8889"
    assert api_address("otpbroker.local", both, secure=True) == "https://otpbroker.local:10443"
    assert api_address("otpbroker.local", ApiSection(), secure=True) == "http://otpbroker.local:8889"
    secure = ApiSection(http_enabled=False, https_enabled=True)
    assert api_address("otpbroker.local", secure) == "https://otpbroker.local:10443"
    assert api_address("otpbroker.local", ApiSection(http_enabled=False)) == ""


def test_each_task_goes_to_its_own_path():
    api = ApiSection(message_path="/a", mail_path="/b", otp_path="/c")
    assert [path_of(task, api) for task in TASKS] == ["/a", "/b", "/c"]
