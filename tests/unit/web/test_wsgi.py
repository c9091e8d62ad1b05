"""A WSGI application behind our edge, by the rules of PEP 3333."""

import pytest

from otpbroker.web.http import BodyError, Incoming, Response
from otpbroker.web.wsgi import Wsgi


def asking(method="GET", headers=None, read_body=lambda: b"", path="/x", query=""):
    return Incoming(method, path, headers or {}, "192.0.2.1", read_body, query)


def answered(app, request):
    return Wsgi(app, lambda status: Response(status, b""))(request)


def test_the_application_sees_the_request():
    seen = {}

    def app(environ, start_response):
        seen.update(environ)
        start_response("200 OK", [("Content-Length", "0")])
        return []

    headers = {b"Host": b"x:8888", b"Content-Type": b"text/plain", b"X-Y": "é".encode("latin-1")}
    answered(app, asking("POST", headers, path="/a/\xc3\xa9", query="q=1&r=%20"))
    assert (seen["REQUEST_METHOD"], seen["PATH_INFO"], seen["QUERY_STRING"]) == ("POST", "/a/\xc3\xa9", "q=1&r=%20")
    assert (seen["CONTENT_TYPE"], seen["HTTP_HOST"], seen["HTTP_X_Y"]) == ("text/plain", "x:8888", "é")
    assert seen["REMOTE_ADDR"] == "192.0.2.1"
    assert "HTTP_CONTENT_TYPE" not in seen


def test_the_body_is_taken_when_it_is_asked_for_and_once():
    taken = []

    def app(environ, start_response):
        body = environ["wsgi.input"]
        assert not taken
        octets = body.read(2) + body.read()
        start_response("200 OK", [("Content-Length", str(len(octets)))])
        return [octets]

    response = answered(app, asking("POST", read_body=lambda: (taken.append(1), b"hello")[1]))
    assert (response.body, taken) == (b"hello", [1])


def test_a_body_that_does_not_come_is_refused_as_the_edge_does():
    def slow():
        raise BodyError(408)

    with pytest.raises(BodyError):
        answered(lambda environ, _: [environ["wsgi.input"].read()], asking("POST", read_body=slow))


def test_the_answer_has_its_headers_and_what_is_ours_only_once():
    def app(_environ, start_response):
        headers = [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("content-type", "text/html"), ("Content-Length", "2")]
        start_response("200 OK", [*headers, ("X-Content-Type-Options", "nosniff")])
        return [b"h", b"i"]

    response = answered(app, asking())
    assert response == Response(200, b"hi", "text/html", (("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")), "no-store")


def test_an_application_may_say_that_its_answer_lasts():
    def app(_environ, start_response):
        start_response("200 OK", [("Cache-Control", "public, immutable"), ("Content-Length", "0")])
        return []

    assert answered(app, asking()).cache == "public, immutable"


class Chunks:
    def __init__(self):
        self.closed = 0

    def __iter__(self):
        return iter([b"a", b"b"])

    def close(self):
        self.closed += 1


@pytest.mark.parametrize("status", ["204 No Content", "304 Not Modified"])
def test_an_answer_without_a_body_is_no_stream(status):
    def app(_environ, start_response):
        start_response(status, [])
        return []

    assert answered(app, asking()).stream is None


def test_what_has_no_length_is_a_stream_that_closes_what_makes_it():
    chunks = Chunks()

    def app(_environ, start_response):
        start_response("200 OK", [("Content-Type", "text/event-stream")])
        return chunks

    response = answered(app, asking())
    assert (response.body, next(response.stream)) == (b"", b"a")
    assert not chunks.closed
    response.stream.close()
    assert chunks.closed == 1


def test_a_whole_answer_closes_what_made_it():
    chunks = Chunks()

    def app(_environ, start_response):
        start_response("200 OK", [("Content-Length", "2")])
        return chunks

    assert answered(app, asking()).body == b"ab"
    assert chunks.closed == 1
