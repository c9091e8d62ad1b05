"""Settings that change under the running process, and its end."""

import socket
import threading

import pytest

from fakes.http import basic
from fakes.waiting import waits_for
from otpbroker.config.store import Store
from otpbroker.errors import ResponseCode

BODY = '{"command":"send-sms","data":{"msisdn":"08121","message":"x"}}'
REQUEST = f"POST /api/sms HTTP/1.1\r\nAuthorization: {basic()}\r\nContent-Length: {len(BODY)}\r\n\r\n{BODY}".encode()


def in_flight(api):
    """A client whose message is at a modem that has not answered yet, and the event that makes it answer."""
    happens = api.dispatch.by_number["08121"] = threading.Event()
    client = api.client()
    client.raw(REQUEST)
    waits_for(lambda: api.dispatch.sent)
    return client, happens


def refuses_connections(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def test_a_new_port_is_served_and_what_is_in_flight_on_the_old_one_is_answered(api):
    old = api.port
    client, happens = in_flight(api)
    idle = api.client()
    assert idle.request("GET", "/healthz").status == 200
    api.port = api.free_port()
    api.write()
    api.reload()
    with api.client() as fresh:
        assert fresh.sms().status == 200
    assert refuses_connections(old)
    assert idle.is_closed()
    happens.set()
    answer = client.answer()
    assert (answer.status, answer.code, answer.headers["connection"]) == (200, "0000", "close")
    assert client.is_closed()


def test_new_paths_are_known_at_once_on_open_connections(api):
    with api.client() as client:
        assert client.sms().status == 200
        api.write(message_path="/kirim/sms")
        api.reload()
        assert client.sms().status == 404
        assert client.command("echo", 1, path="/kirim/sms").status == 200
        assert "/kirim/sms" in client.request("GET", "/openapi.json").json["paths"]


def test_a_blocked_user_is_out_at_once_although_known(api):
    with api.client() as client:
        assert client.sms().status == 200
        assert client.command("echo", 1, auth=basic("other")).status == 200
        api.write(users={"user": {"blocked": True}, "other": {}})
        api.reload()
        assert client.sms().status == 401
        assert client.command("echo", 1, auth=basic("other")).status == 200


def test_settings_that_cannot_be_are_refused_and_the_old_ones_stay(api):
    with socket.socket() as taken, api.client() as client:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        api.write(http_port=taken.getsockname()[1], message_path="/elsewhere")
        assert "ERRNO=22" in api.reload()
        assert client.sms().status == 200
        Store(api.paths).write("api", b"http_port: none\n")
        assert "ERRNO=22" in api.reload()
        assert client.sms().status == 200


def test_a_disabled_port_closes_and_opens_again(api):
    api.write(http_enabled=False)
    api.reload()
    assert refuses_connections(api.port)
    api.write()
    api.reload()
    with api.client() as client:
        assert client.sms().status == 200


def test_the_end_waits_for_what_is_in_flight(api):
    client, happens = in_flight(api)
    api.terminate()
    waits_for(lambda: refuses_connections(api.port))
    with pytest.raises(TimeoutError):
        api.wait(0.3)
    happens.set()
    assert client.answer().code == ResponseCode.SUCCESS
    assert api.wait(10) == 0
