import html
import socket
import threading
import time

import pytest

from fakes.dispatch import modem
from fakes.outcomes import mail_outcome, outcome
from fakes.panel import ADMIN, NOTHING, PanelHere
from fakes.waiting import waits_for
from otpbroker.panel.pages import monitor
from otpbroker.panel.pages.monitor import MOST_VIEWERS
from otpbroker.panel.slow import PLACES
from otpbroker.secrets import Secret
from otpbroker.services.admin.service import THREADS
from otpbroker.system.workers import Workers
from otpbroker.verbs.apply import SetSection
from otpbroker.verbs.dispatch import DispatchStatus, Status
from otpbroker.verbs.feeders import FeederState
from otpbroker.web.http import Response
from otpbroker.web.server import MAX_SLOW_BODIES, MAX_SLOW_READERS, Server
from otpbroker.web.wsgi import Wsgi

EVIL = "<script>alert(1)</script>"


def status(*modems, **more):
    facts = {"counters": NOTHING, "alarms": [], **more}
    return DispatchStatus(version="1", uptime_s=1, modems=list(modems), **facts)


@pytest.fixture
def here(tmp_path):
    made = PanelHere(tmp_path)
    made.dispatch.answers[Status] = status(modem("m0", name="Telkomsel", signal_dbm=-97, busy=True))
    return made


@pytest.fixture
def browser(here):
    return here.browser()


def test_the_page_shows_messages_modems_feeders_and_counters(here, browser):
    here.dispatch.answers[Status] = status(
        modem("m0", name="Telkomsel", signal_dbm=-97, busy=True),
        feeders=[FeederState(feeder="amqp", state="failed", since=1, key="feeder.credentials", server="mq.example")],
    )
    here.desk.live.feed.take(
        [outcome(latency_ms=2400, parts=3, cost="350"), mail_outcome("failed", key="mail.address")]
    )
    page = browser.get("/monitor").text
    for told in (
        *("62812****890", "Telkomsel", "2.4\N{NO-BREAK SPACE}s", "REST API", "Sent", "350"),
        *("u****@example.org", "gmail", "Failed", "no e-mail address"),
        *("\N{MINUS SIGN}97 dBm", "Busy", "RabbitMQ", "No connection", "mq.example"),
    ):
        assert told in page, told
    assert '<noscript><meta http-equiv="refresh" content="10"></noscript>' in page


def test_nothing_that_others_say_becomes_a_part_of_the_page(here, browser):
    here.dispatch.answers[Status] = status(modem("m0", name=EVIL, operator=EVIL, state="searching", reason=EVIL))
    here.desk.live.feed.take([outcome(user=EVIL, key=EVIL, door=EVIL, modem="m0", msisdn_masked=EVIL)])
    page = browser.get("/monitor").text
    assert EVIL not in page
    assert page.count(html.escape(EVIL)) >= 6


def test_where_messages_may_not_be_shown_the_page_says_why(here, browser):
    here.desk.live.feed.take([outcome()])
    here.settings.call(SetSection(section="sms", values={"monitor_sms": Secret("false")}))
    page = browser.get("/monitor").text
    assert "62812****890" not in page
    assert "Messages are not shown" in page


def test_where_dispatch_is_away_the_page_says_so_and_stays(here, browser):
    del here.dispatch.answers[Status]
    page = browser.get("/monitor")
    assert page.status == 200
    assert "does not answer" in page.text


def test_a_script_gets_the_pieces_alone(browser):
    page = browser.get("/monitor", **{"HX-Request": "true"}).text
    assert "<html" not in page
    assert 'id="live-messages"' in page


class Viewer:
    """A browser that looks at the events of the panel at `port`."""

    def __init__(self, port, token):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        head = f"GET /monitor/events HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: text/event-stream\r\n"
        head += "Accept-Language: en\r\n"
        self.socket.sendall(f"{head}Cookie: otpb_session={token}\r\n\r\n".encode())
        self._stream = self.socket.makefile("rb")
        self.status = int(self._stream.readline().split()[1])
        self.headers = {}
        while line := self._stream.readline().strip():
            name, _, value = line.decode().partition(": ")
            self.headers[name.lower()] = value

    def event(self, name=None):
        """The next one, of that name, as its data; None when the stream has ended."""
        event, data = "", []
        while line := self._stream.readline().decode():
            field, _, value = line.rstrip("\n").partition(": ")
            if field == "event":
                event = value
            elif field == "data":
                data.append(value)
            elif not field and event:
                if name in (None, event):
                    return "\n".join(data)
                event, data = "", []
        return None

    def close(self):
        self.socket.close()
        self._stream.close()


class Served:
    """The panel behind the real HTTP edge."""

    def __init__(self, here):
        self.here = here
        self.workers = Workers(MOST_VIEWERS + 4)
        self.server = Server(
            ("127.0.0.1", 0), Wsgi(here.panel.wsgi, lambda status: Response(status, b"")), self.workers
        )
        self.server.prepare()
        self.port = self.server.socket.getsockname()[1]
        self.thread = threading.Thread(target=self.server.serve, daemon=True)
        self.thread.start()
        password = here.desk.settings.admins[ADMIN].password_hash
        self.token, self.session = here.desk.sessions.open(ADMIN, "127.0.0.1", "a browser", password)
        self.viewers = []

    def look(self):
        self.viewers.append(Viewer(self.port, self.token))
        return self.viewers[-1]

    def stop(self):
        self.here.desk.stopping.set()
        self.here.desk.live.stop()
        self.server.stop()
        self.workers.stop(5)
        self.thread.join(5)
        for viewer in self.viewers:
            viewer.close()


@pytest.fixture
def served(here):
    made = Served(here)
    yield made
    made.stop()


def test_what_happens_is_shown_at_once_in_the_same_words_as_the_page(here, served, browser):
    viewer = served.look()
    assert (viewer.status, viewer.headers["content-type"]) == (200, "text/event-stream")
    assert viewer.headers["cache-control"] == "no-store"
    assert "No message yet" in viewer.event("messages")
    here.desk.live.feed.take([outcome()])
    began = time.monotonic()
    told = viewer.event("messages")
    assert time.monotonic() - began < 0.9  # sooner than what is only looked at each second
    page = browser.get("/monitor").text
    assert told.strip() in page
    assert "62812****890" in told


def test_only_what_has_changed_is_sent(here, served):
    viewer = served.look()
    viewer.event("feeders")
    here.dispatch.answers[Status] = status(modem("m0", state="absent", connected=False))
    assert "The modem is not plugged in" in viewer.event()  # alarms
    assert "Not plugged in" in viewer.event()  # modems


def test_so_many_may_look_and_one_who_goes_makes_room(served):
    viewers = [served.look() for _ in range(MOST_VIEWERS)]
    assert {viewer.status for viewer in viewers} == {200}
    refused = served.look()
    assert refused.status == 503
    assert int(refused.headers["retry-after"]) > 0
    viewers[0].close()
    waits_for(lambda: served.look().status == 200)


def test_all_ends_at_once_when_the_process_stops(here, served):
    viewer = served.look()
    viewer.event("feeders")
    began = time.monotonic()
    here.desk.stopping.set()
    here.desk.live.stop()
    assert viewer.event() is None
    assert time.monotonic() - began < 0.5


def test_who_is_signed_out_everywhere_looks_no_longer(here, served):
    viewer = served.look()
    viewer.event("feeders")
    here.desk.sessions.end_where(lambda _session: True)
    assert viewer.event("over") == ""
    assert viewer.event() is None
    assert served.look().status == 303  # to sign in


def test_looking_keeps_nobody_signed_in(here, served):
    served.look().event("feeders")
    seen = served.session.seen
    served.look().event("feeders")
    assert served.session.seen == seen


def test_a_quiet_stream_gives_signs_of_life(here, served, monkeypatch):
    monkeypatch.setattr(monitor, "HEARTBEAT_S", 0.0)
    viewer = served.look()
    viewer.event("feeders")
    assert viewer._stream.readline() in (b":\n", b"event: alarms\n")


def test_whatever_may_wait_leaves_threads_for_everybody_else():
    assert MAX_SLOW_BODIES + MAX_SLOW_READERS + MOST_VIEWERS + PLACES < THREADS
