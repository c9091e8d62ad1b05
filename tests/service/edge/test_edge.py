"""The real nginx before the real doors: what gets through, what does not, and who says so."""

import contextlib
import functools
import http.client
import json
import os
import re
import signal
import socket
import ssl
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from fakes.canary import Search, token
from fakes.http import Client, basic
from fakes.nginx import PEM
from fakes.person import Person
from fakes.waiting import waits_for
from fakes.whole import AUTH
from otpbroker.apply.certificates import FIRST
from otpbroker.config.sections.network import WlanSection
from otpbroker.network.edge_servers import API_OF_ONE
from otpbroker.system import x509

NUMBER = "081234567890"
SECRET = "rahasia sekali 1"
OTHERS = "X-Real-IP: 10.9.9.9\r\nX-Forwarded-For: 10.9.9.9\r\nX-Forwarded-Proto: https\r\nForwarded: for=10.9.9.9\r\n"


def ask(port, octets, timeout_s=10):
    """All that comes back."""
    with socket.create_connection(("127.0.0.1", port), timeout=timeout_s) as client:
        client.sendall(octets)
        answer = b""
        with contextlib.suppress(ConnectionResetError):
            while data := client.recv(65536):
                answer += data
    return answer


def post(body, *lines):
    head = ["POST /api/sms HTTP/1.1", "Host: x", "Connection: close", f"Authorization: {AUTH}", *lines]
    return "\r\n".join([*head, "", ""]).encode() + body


def chunked(body, size):
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def reply(answer):
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split(b" ")[1]), head.decode(), json.loads(body)


def test_an_sms_goes_out_over_http_and_https(edge):
    with edge.simulator() as simulator:
        before = simulator.accepted()
        assert edge.sms(NUMBER, "one").code == "0000"
        status, told = edge.over_tls(NUMBER, "two")
        assert (status, told["response_code"]) == (200, "0000")
        assert ask(edge.port, post(chunked(b'{"command":"echo","data":1}', 3), "Transfer-Encoding: chunked"))
        waits_for(lambda: simulator.accepted() == before + 2)


def test_http_2_is_spoken_where_it_is_asked_for(edge):
    body = json.dumps({"command": "send-sms", "data": {"msisdn": NUMBER, "message": "x"}})
    argv = ["curl", "-s", "--cacert", PEM, "-u", "shop:a long password", "-d", body]
    argv += ["-w", " %{http_version}", f"https://localhost:{edge.https}/api/sms"]
    said = subprocess.run(argv, capture_output=True, text=True, check=True, timeout=30).stdout
    assert '"response_code":"0000"' in said
    assert said.endswith(" 2")


@pytest.mark.parametrize(
    ("request_octets", "status", "key"),
    [
        (post(b"x" * 16385, "Content-Length: 16385"), 413, "http.too_large"),
        (post(chunked(b"x" * 20000, 5000), "Transfer-Encoding: chunked"), 413, "http.too_large"),
        (b"NONSENSE\r\n\r\n", 400, "http.bad_request"),
        (b"GET / HTTP/1.1\r\n\r\n", 400, "http.bad_request"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX: %s\r\n\r\n" % (b"x" * 9000), 400, "http.bad_request"),
        (b"GET /%s HTTP/1.1\r\nHost: x\r\n\r\n" % (b"x" * 9000), 414, "http.bad_request"),
        (b"TRACE / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 405, "http.method"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n", 501, "http.bad_request"),
        (b"GET /!busy HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 404, "http.not_found"),
    ],
)
def test_what_nginx_refuses_is_said_as_the_api_says_it(edge, request_octets, status, key):
    said, head, told = reply(ask(edge.port, request_octets))
    assert (said, told["response_code"], told["data"]) == (status, "1105", {"reason": key})
    assert told["command"] == ""
    assert "Content-Type: application/json" in head
    assert "no-store" in head


def test_a_refusal_speaks_the_clients_language(edge):
    too_large = post(b"x" * 20000, "Content-Length: 20000", "Accept-Language: id-ID,id;q=0.9,en;q=0.5")
    assert "Permintaan lebih besar" in reply(ask(edge.port, too_large))[2]["response_text"]


def test_a_request_that_dribbles_is_let_go_and_holds_up_nobody(edge):
    """In its head and in its body; the services never hear of it."""
    heads = [b"POST /api/sms HTTP/1.1\r\nHost: x\r\nContent-", post(b"{", "Content-Length: 100")]
    with contextlib.ExitStack() as stack:
        slow = [stack.enter_context(socket.create_connection(("127.0.0.1", edge.port), timeout=15)) for _ in range(100)]
        for at, client in enumerate(slow):
            client.sendall(heads[at % 2])
        began = time.monotonic()
        assert edge.sms(NUMBER, "x").code == "0000"
        assert time.monotonic() - began < 4
        for client in slow:
            with contextlib.suppress(ConnectionResetError):
                assert client.recv(4096) == b""
        assert time.monotonic() - began < 12


def test_one_address_has_so_many_requests_at_once(edge):
    held = post(b"{", "Content-Length: 100")
    with contextlib.ExitStack() as stack:
        for _ in range(API_OF_ONE):
            stack.enter_context(socket.create_connection(("127.0.0.1", edge.port), timeout=15)).sendall(held)
        waits_for(lambda: b" 429 " in ask(edge.port, post(b"{}", "Content-Length: 2")).partition(b"\r\n")[0], 4)
        said, head, told = reply(ask(edge.port, post(b"{}", "Content-Length: 2")))
        assert (said, told["response_code"], told["data"]["reason"]) == (429, "1107", "http.busy")
        assert "Retry-After: 1" in head
        assert edge.person().get("/healthz")[0] == 404  # the panel's own connections are counted by themselves
    waits_for(lambda: edge.sms(NUMBER, "x").status == 200)


def test_the_first_administrator_comes_by_the_set_up_side(edge):
    """Whatever a request says of itself; and then nobody else does."""
    forged = {"X_Real_IP": "127.0.0.1", "X_Forwarded_For": "127.0.0.1", "X_Set_Up_Side": "true"}
    for person in (edge.person(), edge.person(**forged)):
        assert person.get("/")[:2] == (303, "/setup")
        status, _, page = person.get("/setup")
        assert status == 403
        assert "<form method" not in page
        assert person.post("/setup", username="eve", password=SECRET)[0] == 403
    first = Person(edge.setup, X_Real_IP="10.9.9.9", X_Forwarded_For="10.9.9.9", X_Forwarded_Proto="https")
    assert first.get("/setup")[0] == 200
    assert first.post("/setup", username="budi", password=SECRET)[:2] == (303, "/start")
    assert "Secure" not in str(first.headers)
    account = first.get("/account")[2]
    assert "127.0.0.1" in account
    assert "10.9.9.9" not in account
    for port in (edge.setup, edge.panel_port):
        assert Person(port).get("/setup")[:2] == (303, "/login")
    assert edge.person().sign_in("budi", SECRET) == (303, "/")


def test_elsewhere_than_the_access_point_the_set_up_port_says_nothing(edge):
    with edge.by(taken_over=True, wlan=WlanSection(address="192.168.0.11")):
        assert Person(edge.setup).get("/setup")[0] == 403


def test_who_guesses_is_known_by_his_address_whatever_he_says(edge):
    for at in range(12):
        client_says = f"X-Real-IP: 10.1.1.{at}\r\nX-Forwarded-For: 10.1.1.{at}"
        wrong = post(b"{}", "Content-Length: 2", client_says).replace(AUTH.encode(), basic(f"u{at}", "x").encode())
        status, _, told = reply(ask(edge.port, wrong))
    assert (status, told["response_code"]) == (429, "1107")
    assert edge.sms(NUMBER, "x").code == "0000"  # who is known already passes


def test_the_monitor_shows_at_once_what_happens(edge):
    person = edge.person()
    person.sign_in("budi", SECRET)
    connection = person.connection()
    connection.request("GET", "/monitor/events", headers=person.headers | {"Accept": "text/event-stream"})
    answer = connection.getresponse()
    assert answer.getheader("Content-Type").startswith("text/event-stream")
    began = time.monotonic()
    lines = [answer.readline()]
    assert lines[0].startswith(b"retry")
    edge.sms("081234567666", "x")
    while b"62812****666" not in lines[-1]:
        lines.append(answer.readline())
        assert lines[-1]
    assert time.monotonic() - began < 5
    answer.close()
    connection.close()


def test_a_larger_upload_goes_to_the_pages_that_take_one_and_rests_nowhere(edge):
    person = edge.person()
    person.sign_in("budi", SECRET)
    big = b"x" * 300_000
    folder = edge.root / "run/otpbroker"
    before = set(folder.iterdir())
    for path, status in (("/send-email", 422), ("/backup/restore", 422), ("/account", 413)):
        connection = http.client.HTTPConnection("127.0.0.1", edge.panel_port, timeout=30)
        mark = "=" * 20
        token_part = f'--{mark}\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n{person.token}\r\n'
        file_part = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n'
        body = token_part.encode() + file_part.encode() + big + f"\r\n--{mark}--\r\n".encode()
        headers = person.headers | {"Content-Type": f"multipart/form-data; boundary={mark}"}
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        assert answer.status == status, path
        if status == 413:
            assert "terlalu besar" in text
            assert "too large" in text
        connection.close()
    assert set(folder.iterdir()) == before


def test_no_text_rests_anywhere_nor_is_told(edge):
    """A body that is framed to overflow its buffer, and a query, while there is nobody to take them too."""
    secret = token()
    body = json.dumps({"command": "send-sms", "data": {"msisdn": NUMBER, "message": secret}}).encode().ljust(16000)
    fine, padded = chunked(body, 1), b"".join(b"1;%s\r\n%c\r\n" % (b"x" * 40, octet) for octet in body) + b"0\r\n\r\n"
    for framed in (fine, padded):
        status, head, told = reply(ask(edge.port, post(framed, "Transfer-Encoding: chunked")))
        assert (status, told["response_code"]) == (503, "1107")
        assert "Retry-After" in head
    query = f"GET /api/sms?message={secret} HTTP/1.1\r\nHost: x\r\nReferer: http://x/{secret}\r\nConnection: close\r\n"
    ask(edge.port, query.encode() + b"\r\n")
    with stopped(edge, "api"):
        status, head, told = reply(ask(edge.port, query.encode() + b"\r\n"))
        assert (status, told["response_code"], told["data"]["reason"]) == (503, "1102", "edge.starting")
        assert "Retry-After: 2" in head
    assert edge.sms(NUMBER, secret).code == "0000"
    search = Search({"text": secret})
    assert search.folder(edge.root.parent) == []
    assert search.octets(edge.nginx.said().encode(), "nginx's log") == []
    assert search.octets(b"x" + secret.encode(), "control") != []


@contextlib.contextmanager
def stopped(edge, service):
    """Without the socket of a service, as while it starts; nginx has no connection to it left."""
    folder = edge.root / f"run/otpb-{service}"
    hidden = folder.with_name("hidden")
    folder.rename(hidden)
    try:
        edge.reload()
        yield
    finally:
        hidden.rename(folder)


def test_while_the_panel_starts_a_page_says_so_and_tries_again(edge):
    with stopped(edge, "admin"):
        status, _, page = edge.person().get("/")
    assert status == 503
    assert re.search(r'<meta http-equiv="refresh" content="\d+">', page)
    assert "The panel is starting" in page
    assert "Panel sedang dimulai" in page
    waits_for(lambda: edge.person().get("/login")[0] == 200)


def test_what_became_of_a_request_whose_service_died_nobody_knows(edge):
    with edge.simulator() as simulator, ThreadPoolExecutor() as pool:
        simulator.set(latency_s=3)
        try:
            asked = pool.submit(edge.sms, "081234567555", "x")
            waits_for(lambda: "62812****555" in str(edge.told("messages", "--limit", 1)["messages"]))
            os.kill(edge.pids()["api"], signal.SIGKILL)
            answer = asked.result()
        finally:
            simulator.set(latency_s=0)
    assert (answer.status, answer.code, answer.data["reason"]) == (502, "1106", "edge.lost")
    waits_for(lambda: edge.sms(NUMBER, "x").status == 200)


@contextlib.contextmanager
def under_load(*sends):
    """Each of `sends` over and over meanwhile, in a thread of its own; what goes wrong in one goes wrong here."""
    stop = threading.Event()

    def again(send):
        while not stop.is_set():
            send()

    with ThreadPoolExecutor(len(sends)) as pool:
        sending = [pool.submit(again, send) for send in sends]
        try:
            yield
        finally:
            stop.set()
            for each in sending:
                each.result()


def test_a_reload_under_load_loses_no_request(edge):
    """Each on its own connection, as each connection may be kept for the next until either side lets it go."""
    answers = []

    def send():
        with Client(edge.port, 30) as client:
            answers.append(client.request("GET", "/healthz").status)

    with under_load(*[send] * 4):
        for _ in range(5):
            before = len(answers)
            edge.reload()
            waits_for(lambda before=before: len(answers) > before + 50)
    assert set(answers) == {200}


def trusting():
    """A client that takes any certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def test_another_certificate_under_load_loses_no_request(edge):
    """Neither on connections of their own nor on kept ones in a tight loop, of which a reload loses some (nginx closes
    what is idle in that moment, and 1.27.4 is the first that waits).
    """
    answers = {True: [], False: []}
    trusts_all = trusting()

    def send(kept, connection):
        connection.request("GET", "/healthz")
        answers[kept].append(connection.getresponse().read())
        if not kept:
            connection.close()

    with contextlib.ExitStack() as stack:
        sends = []
        for kept in (True, True, False, False):
            connection = http.client.HTTPSConnection("localhost", edge.https, timeout=30, context=trusts_all)
            stack.callback(connection.close)
            sends.append(functools.partial(send, kept, connection))
        stack.enter_context(under_load(*sends))
        for at in range(20):
            pem = x509.self_signed((f"{at}.example.com",), (), FIRST, FIRST.replace(year=2050))
            edge.nginx.shows(pem)
            seen = ssl.get_server_certificate(("127.0.0.1", edge.https))
            assert seen.strip() in pem
            before = {kept: len(found) for kept, found in answers.items()}
            waits_for(lambda before=before: all(len(answers[kept]) > before[kept] + 5 for kept in answers))
    assert {*answers[True], *answers[False]} == {b'{"status":"ok"}'}
    left = {path.name for path in (edge.root / "run/otpbroker").glob("edge*.pem")}
    assert len(left) == 3  # the link, where it leads, and where it led before
    edge.nginx.shows(PEM.read_text())


def test_nothing_of_the_certificates_file_is_served(edge):
    connection = http.client.HTTPSConnection("localhost", edge.https, timeout=30, context=trusting())
    for path in ("/", "/.", "/edge.pem", "//", "/%2e", "/..%2fedge.pem", "/index.html"):
        connection.request("GET", path)
        answer = connection.getresponse()
        assert b"PRIVATE" not in answer.read()
        assert answer.status in (400, 404, 405)
    connection.close()


def test_a_port_that_changes_is_nginxs_alone(edge):
    before = edge.pids()["api"]
    edge.told("settings", "set", "api", "http_port=21999")
    assert edge.sms(NUMBER, "x").code == "0000"
    assert edge.pids()["api"] == before
    with pytest.raises(ConnectionRefusedError):
        Client(21999)
    assert not tcp_listeners() & sockets(before)
    assert tcp_listeners() & sockets(edge.nginx.process.pid)


def tcp_listeners():
    """Inodes."""
    rows = [row.split() for name in ("tcp", "tcp6") for row in Path(f"/proc/net/{name}").read_text().splitlines()[1:]]
    return {row[9] for row in rows if row[3] == "0A"}


def sockets(pid):
    """Inodes."""
    links = [str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir()]
    return {link[8:-1] for link in links if link.startswith("socket:[")}


def test_health_and_metrics_are_served(edge):
    with Client(edge.port) as client:
        assert client.request("GET", "/healthz").json == {"status": "ok"}
        assert b"otpb_" in client.request("GET", "/metrics").body


def test_without_an_administrator_the_api_does_nothing_and_phones_are_led_to_the_panel(edge):
    there = f"http://127.0.0.1:{edge.panel_port}/"
    ours = f"http://otpbroker.local:{edge.panel_port}/"
    with edge.by(administrator=False, taken_over=True):
        said, head, told = reply(ask(edge.port, post(b"{}", "Content-Length: 2")))
        assert (said, told["response_code"], told["data"]["reason"]) == (503, "1102", "edge.no_administrator")
        assert "Retry-After" in head
        for host, path in PROBES:
            assert moved(edge, host, path) == (302, there)
        assert moved(edge, "10.1.2.3", "/x") == (302, f"http://10.1.2.3:{edge.panel_port}/")
        assert moved(edge, "otpbroker.local", "/") == (302, ours)
    with edge.by(taken_over=True):
        assert moved(edge, "otpbroker.local", "/") == (302, ours)
        for host, path in PROBES:
            assert moved(edge, host, path)[0] == 404


PROBES = [
    ("connectivitycheck.gstatic.com", "/generate_204"),
    ("captive.apple.com", "/hotspot-detect.html"),
    ("www.msftconnecttest.com", "/connecttest.txt"),
    ("www.msftncsi.com", "/ncsi.txt"),
    ("detectportal.firefox.com", "/canonical.html"),
]


def moved(edge, host, path):
    connection = http.client.HTTPConnection("127.0.0.1", edge.portal, timeout=10)
    connection.request("GET", path, headers={"Host": host})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status, answer.getheader("Location")
