"""Every route of the panel, whatever pages it has: who may ask, from where, with what."""

import hashlib
import io

import pytest

from fakes.panel import ADMIN, HOST, PASSWORD, PanelHere
from fakes.panel_map import LEAST, listings
from otpbroker.panel.request import SET_UP_SIDE
from otpbroker.panel.routes import Access
from otpbroker.secrets import Secret
from otpbroker.verbs.apply import AddEntry, Change

# What a page may ask of the other processes while it only shows: none of it changes anything.
ASKING = {
    "AcmeStatus",
    "AuditTrail",
    "AwaitOutcomes",
    "BlockedList",
    "GetSection",
    "Inbox",
    "ListCertificates",
    "ListSections",
    "LookAtNetwork",
    "MailStatus",
    "Message",
    "Messages",
    "ModemList",
    "NetworkAlarms",
    "NotifierStatus",
    "DdnsStatus",
    "Report",
    "ReportCells",
    "SectionSchema",
    "Services",
    "Status",
}
KEY = "walked"
OWN = {"Origin": f"http://{HOST}", "Content-Type": "application/x-www-form-urlencoded"}
CSP = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}


class Walk(PanelHere):
    """A panel with an entry in each list; settings, sessions and what its peers are asked can be compared."""

    def __init__(self, folder):
        super().__init__(folder)
        for listing in listings():
            values = {name: Secret(value) for name, value in LEAST[listing.section].items()}
            assert self.settings.call(AddEntry(section=listing.section, key=KEY, values=values)).changed
        self.signed_in = self.browser()

    def addresses(self, method, *, access=None):
        """With the query of the entry that all have."""
        keyed = tuple(f"{listing.path}/" for listing in listings())
        for route in self.panel.routes:
            if route.method == method and (access is None or route.access is access):
                yield route.path + (f"?key={KEY}" if route.path.startswith(keyed) else ""), route

    def state(self):
        """What a refused request must leave as it was."""
        files = {path.name: path.read_bytes() for path in sorted(self.paths_of_settings()) if path.name != ".lock"}
        digest = hashlib.sha256(repr(files).encode()).hexdigest()
        return digest, {each: session.username for each, session in self.desk.sessions._sessions.items()}

    def paths_of_settings(self):
        return self.store.folder.iterdir()

    def asked(self):
        return [verb for peer in self.others() for verb in peer.asked]

    def others(self):
        return self.dispatch, self.mail, self.notifier, self.ddns, self.acme, self.supervisor, self.network

    def forget(self):
        for peer in self.others():
            peer.asked.clear()


@pytest.fixture(scope="module")
def walk(tmp_path_factory):
    return Walk(tmp_path_factory.mktemp("walk"))


def test_there_is_something_to_walk(walk):
    assert len(walk.panel.routes) > 30
    assert len({(route.method, route.path) for route in walk.panel.routes}) == len(walk.panel.routes)


FORGED = {
    "no token": ({}, {"token": ""}, 403),
    "a token of nobody": ({}, {"token": "A" * 86}, 403),
    "the token of another browser": ({}, {}, 403),
    "another origin": ({"Origin": "http://evil.example"}, {}, 403),
    "an origin that hides itself": ({"Origin": "null"}, {}, 403),
    "another port of this device": ({"Origin": "http://192.168.0.11:8889"}, {}, 403),
    "another page": ({"Origin": "", "Referer": "http://evil.example/x"}, {}, 403),
    "another site, the browser says": ({"Sec-Fetch-Site": "cross-site"}, {}, 403),
    "a neighbour, the browser says": ({"Sec-Fetch-Site": "same-site"}, {}, 403),
    "another host": ({"Host": "evil.example:8888"}, {}, 421),
    "no host": ({"Host": ""}, {}, 421),
}


@pytest.mark.parametrize("way", FORGED)
def test_a_post_that_is_not_of_our_own_page_changes_nothing(walk, way):
    headers, how, status = FORGED[way]
    foreign = walk.browser(signed_in=False)
    foreign.get("/login")
    before = walk.state()
    walk.forget()
    for path, route in walk.addresses("POST"):
        if route.access is Access.SET_UP:
            continue
        right = walk.signed_in.token
        token = how.get("token", foreign.token if way == "the token of another browser" else right)
        told = walk.signed_in.post(path, token=token, **headers)
        assert (path, told.status) == (path, status)
        walk.signed_in.token = right
    assert walk.state() == before
    assert not walk.asked()


class Unread(io.BytesIO):
    """A body that nobody may look at."""

    def read(self, *_):
        raise AssertionError("the body was read")

    readline = read


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_who_is_not_signed_in_is_sent_to_sign_in_and_not_listened_to(walk, method, monkeypatch):
    before = walk.state()
    walk.forget()
    monkeypatch.setattr("fakes.panel.io.BytesIO", Unread)
    stranger = walk.browser(signed_in=False)
    for path, _ in walk.addresses(method, access=Access.ADMIN):
        told = stranger.request(method, path, b"csrf=x", OWN)
        assert (path, told.status, told.place) == (path, 303, "/login")
    assert walk.state() == before
    assert not walk.asked()


def test_a_session_that_is_made_up_opens_nothing(walk):
    stranger = walk.browser(signed_in=False)
    for token in ("", "x", "A" * 43, next(iter(walk.desk.sessions._sessions)), "ÿ\u0100"):
        stranger.cookies["otpb_session"] = token
        assert stranger.get("/modems").place == "/login"


def test_looking_at_a_page_changes_nothing(walk):
    before = walk.state()
    walk.forget()
    asked = []
    original = walk.settings.handle
    walk.settings.handle = lambda verb, uid: (asked.append(verb), original(verb, uid))[1]
    try:
        for path, route in walk.addresses("GET"):
            told = walk.signed_in.get(path)
            assert told.status < 400 or told.status == 503, (path, told.status)
            assert route.access is not Access.SET_UP or told.place == "/login"
    finally:
        walk.settings.handle = original
    assert walk.state() == before
    for verb in (*asked, *walk.asked()):
        assert not isinstance(verb, Change)
        assert type(verb).__name__ in ASKING, f"does {type(verb).__name__} change nothing? Then it belongs to ASKING"


def test_a_page_opens_while_its_peers_are_away(walk):
    answers, walk.dispatch.answers = walk.dispatch.answers, {}
    try:
        for path, _ in walk.addresses("GET", access=Access.ADMIN):
            assert (path, walk.signed_in.get(path).status) in ((path, 200), (path, 303))
    finally:
        walk.dispatch.answers = answers


def test_another_method_is_refused_and_told_the_right_one(walk):
    known = {}
    for route in walk.panel.routes:
        known.setdefault(route.path, set()).add(route.method)
    for path, methods in known.items():
        for method in {"GET", "POST", "PUT", "DELETE", "PATCH"} - methods:
            told = walk.signed_in.request(method, path, b"", OWN)
            assert (path, told.status) == (path, 405)
            assert set(told.headers["allow"].replace(" ", "").split(",")) >= methods
            assert "content-security-policy" in told.headers


def test_every_answer_has_the_headers_that_keep_it_to_itself(walk):
    answers = [(path, walk.signed_in.get(path)) for path, _ in walk.addresses("GET")]
    stranger = walk.browser(signed_in=False)
    answers += [(path, stranger.request("POST", path, b"", OWN)) for path, _ in walk.addresses("POST")]
    answers += [("/no-such-page", walk.signed_in.get("/no-such-page"))]
    answers += [("other host", walk.signed_in.get("/", Host="evil.example"))]
    for path, told in answers:
        policy = dict(part.strip().split(" ", 1) for part in told.headers["content-security-policy"].split(";"))
        assert policy.items() >= CSP.items(), path
        assert not any("unsafe" in each or "*" in each or "http" in each for each in policy.values()), path
        assert told.headers["x-frame-options"] == "DENY"
        assert told.headers["referrer-policy"] in ("same-origin", "no-referrer")
        lasting = path.startswith("/static/")
        assert ("immutable" in told.headers.get("cache-control", "no-store")) is lasting, path


def test_a_body_beyond_its_bound_is_refused_unread(walk, monkeypatch):
    before = walk.state()
    walk.forget()
    stranger = walk.browser(signed_in=False)
    stranger.get("/login")
    for path, route in walk.addresses("POST"):
        if route.access is Access.SET_UP:
            continue
        browser = stranger if route.access is Access.ANYBODY else walk.signed_in
        with monkeypatch.context() as patched:
            patched.setattr("fakes.panel.io.BytesIO", Unread)
            told = browser.request("POST", path, b"x" * (route.most_octets + 1), OWN)
        assert (path, told.status) == (path, 413)
    assert walk.state() == before
    assert not walk.asked()


NONSENSE = {
    "NUL": "%00",
    "no UTF-8": "%ff%fe",
    "half a surrogate": "%ed%a0%80",
    "controls": "%0d%0aSet-Cookie:%20x=1",
    "huge": "A" * 7000,
    "percent": "%",
    "path": "../../etc/passwd",
    "negative": "-1",
    "many digits": "9" * 400,
}
NAMES = ("key", "q", "page", "id", "modem", "from", "to", "day", "days", "state", "door", "after", "number")


@pytest.mark.parametrize("what", NONSENSE)
def test_nonsense_in_a_query_is_taken_for_what_it_is(walk, what):
    query = "&".join(f"{name}={NONSENSE[what]}" for name in NAMES)
    for path, _ in walk.addresses("GET"):
        told = walk.signed_in.raw("GET", path.partition("?")[0], query)
        assert told.status < 500 or told.status == 503, (path, told.status)
        assert "set-cookie" not in told.headers or "x=1" not in told.headers["set-cookie"]


@pytest.mark.parametrize("what", NONSENSE)
def test_nonsense_in_a_form_is_taken_for_what_it_is(walk, what):
    walk.signed_in.get("/panel")
    for path, route in walk.addresses("POST"):
        if route.access is Access.ADMIN and not path.startswith("/logout"):
            body = f"csrf={walk.signed_in.token}&" + "&".join(f"{name}={NONSENSE[what]}" for name in NAMES)
            told = walk.signed_in.raw("POST", path.partition("?")[0], f"key={NONSENSE[what]}", body.encode(), OWN)
            assert told.status < 500 or told.status == 503, (path, told.status)


@pytest.mark.parametrize(
    "path", ["/%00", "/modems/%ff", "/modems/\x00", "/../etc/passwd", "/" + "a" * 5000, "//evil.example"]
)
def test_a_path_that_is_none_is_not_found(walk, path):
    told = walk.signed_in.raw("GET", path, "")
    assert told.status == 404


def test_signing_in_takes_a_new_session_and_ends_the_one_before(walk):
    browser = walk.browser()
    before = browser.cookies["otpb_session"]
    browser.get("/panel")
    assert browser.post("/login", {"username": ADMIN, "password": PASSWORD}).status == 303
    assert browser.cookies["otpb_session"] != before
    browser.cookies["otpb_session"] = before
    assert browser.get("/panel").place == "/login"
    browser.cookies["otpb_session"] = "chosen-by-somebody-else"
    browser.token = ""
    browser.post("/login", {"username": ADMIN, "password": PASSWORD})
    assert browser.cookies["otpb_session"] != "chosen-by-somebody-else"


def test_cookies_are_for_this_device_and_for_no_script(walk):
    stranger = walk.browser(signed_in=False)
    told = [stranger.get("/login"), stranger.post("/language", {"language": "id"})]
    told.append(stranger.post("/login", {"username": ADMIN, "password": PASSWORD}))
    cookies = [told.headers["set-cookie"] for told in told]
    for each in cookies:
        for line in each.replace("GMT, ", "GMT\n").split(", otpb"):
            assert "HttpOnly" in line
            assert "samesite=strict" in line.lower()
            assert "domain" not in line.lower()
    assert SET_UP_SIDE not in "".join(cookies)
