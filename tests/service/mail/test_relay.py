"""The relay for clients of the local network, with smtplib as the client."""

import contextlib
import shutil
import smtplib
import socket
import ssl
import threading
from email.message import EmailMessage

import pytest

from fakes.canary import Search, token
from fakes.mail_service import account
from fakes.smtp import PASSWORD, Gate
from fakes.waiting import waits_for
from otpbroker.errors import BrokerError
from otpbroker.mail.exchangers import Exchangers
from otpbroker.mail.relay import MAX_CONNECTIONS_OF_ONE, MAX_OCTETS
from otpbroker.system.throttle import MAX_FAILURES
from running import free_port

USER = "printer"


def wanted(port, **more):
    relay = {"relay_username": USER, "relay_password": PASSWORD, "address": "127.0.0.1", "port": port}
    return {"active": True, "server_name": "device.example.net"} | relay | more


@pytest.fixture
def provider(smtp):
    return smtp()


@pytest.fixture
def port():
    return free_port()


@pytest.fixture
def service(mail, provider, port):
    """With one account at `provider`."""
    return mail(account("a", provider.port), smtp=wanted(port), exchangers=Exchangers(offline))


def offline():
    """No name server, so that what no account can send goes nowhere."""
    raise OSError


@pytest.fixture
def client(service, port):
    with contextlib.closing(smtplib.SMTP("127.0.0.1", port, timeout=10)) as client:
        yield client


def message(to="user@example.org", text="Laporan harian\n", **headers):
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "Printer <printer@example.net>", to, "Laporan"
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made


def refusal(call, *arguments, **options):
    with pytest.raises(smtplib.SMTPResponseException) as refused:
        call(*arguments, **options)
    return refused.value.smtp_code, refused.value.smtp_error.decode()


def test_it_is_off_until_it_has_a_password(mail, provider, port):
    service = mail(account("a", provider.port), exchangers=Exchangers(offline))
    for smtp in ({}, wanted(port, relay_username="", relay_password=""), wanted(port, active=False)):
        service.reload(account("a", provider.port), smtp=smtp)
        assert service.status().relay == ""
        with pytest.raises(ConnectionRefusedError):
            smtplib.SMTP("127.0.0.1", port)
    service.reload(account("a", provider.port), smtp=wanted(port))
    assert service.status().relay == f"127.0.0.1:{port}"
    smtplib.SMTP("127.0.0.1", port).close()


def test_a_client_that_logs_in_sends_by_the_accounts(client, provider):
    client.login(USER, PASSWORD)
    client.send_message(message(text="Halo ü\n"))
    (received,) = provider.received
    assert (received.sender, received.recipient) == ("a@example.com", "user@example.org")
    assert received.text == "Halo ü\n"
    assert received.message["From"] == "Printer <printer@example.net>"
    assert received.message["Received"].startswith("by device.example.net (OTP Broker) with ESMTPA;")


def test_nobody_sends_without_the_password(client, provider):
    client.ehlo()
    assert client.mail("printer@example.net")[0] == 530
    assert client.rcpt("user@example.org")[0] == 503
    assert client.docmd("DATA")[0] == 503
    assert refusal(client.login, USER, "wrong")[0] in (535, 421)
    assert provider.connections == 0


def test_who_guesses_is_locked_out(service, port):
    for _ in range(MAX_FAILURES):
        with contextlib.closing(smtplib.SMTP("127.0.0.1", port)) as client:
            client.ehlo()
            client.user, client.password = USER, "guess"
            assert refusal(client.auth, "PLAIN", client.auth_plain)[0] == 535
    with contextlib.closing(smtplib.SMTP("127.0.0.1", port)) as client:
        assert refusal(client.login, USER, PASSWORD)[0] == 454


def test_one_connection_gets_three_guesses(client):
    client.ehlo()
    codes = [client.docmd("AUTH", "PLAIN AHByaW50ZXIAZ3Vlc3M=")[0] for _ in range(4)]
    assert codes == [535, 535, 535, 421]


def test_the_answer_comes_with_the_outcome(client, provider, loop):
    client.login(USER, PASSWORD)
    gate = provider.waits["DATA"] = Gate(loop)
    sending = threading.Thread(target=client.send_message, args=(message(),))
    sending.start()
    waits_for(lambda: provider.under_way)
    assert sending.is_alive()
    gate.open()
    sending.join()
    assert len(provider.received) == 1


@pytest.mark.parametrize(
    ("phase", "reply", "expected"),
    [
        ("MAIL", "451 4.3.0 later", (451, "refused the sender")),
        ("RCPT", "550 5.1.1 nobody", (554, "refused the recipient (550 5.1.1)")),
        ("DATA", "554 5.6.0 no", (554, "refused the mail")),
    ],
)
def test_a_refusal_goes_back_to_the_client(client, provider, phase, reply, expected):
    provider.replies[phase] = reply
    client.login(USER, PASSWORD)
    status, words = refusal(client.send_message, message())
    assert (status, expected[1] in words) == (expected[0], True)


def test_a_mail_given_again_after_a_failure_leaves_out_who_has_it(client, provider):
    client.login(USER, PASSWORD)
    provider.replies["RCPT"] = "250 ok"
    provider.unknown.add("late@example.org")
    sent = message(to="early@example.org, late@example.org", Message_ID="<1@example.net>")
    status, words = refusal(client.send_message, sent)
    assert (status, "(1 of 2 recipients)" in words) == (554, True)
    provider.unknown.clear()
    client.send_message(sent)
    assert sorted(received.recipient for received in provider.received) == ["early@example.org", "late@example.org"]
    client.send_message(sent)
    assert len(provider.received) == 2
    client.send_message(message(to="early@example.org", text="another", Message_ID="<1@example.net>"))
    assert len(provider.received) == 3


def test_limits(client, provider):
    client.login(USER, PASSWORD)
    assert refusal(client.send_message, big())[0] == 552
    client.rset()
    client.mail("printer@example.net")
    codes = [client.rcpt(f"user{n}@example.org")[0] for n in range(12)]
    assert codes == [250] * 10 + [452] * 2
    client.rset()
    client.mail("printer@example.net")
    assert client.rcpt("not-an-address")[0] == 553
    circle = message()
    for _ in range(31):
        circle["Received"] = "from here to here"
    client.rset()
    assert refusal(client.send_message, circle)[0] == 554
    assert provider.received == []


def big():
    return message(text=("x" * 70 + "\n") * (MAX_OCTETS // 70))


def test_one_client_gets_a_few_connections(client, service, port):
    others = [smtplib.SMTP("127.0.0.1", port) for _ in range(MAX_CONNECTIONS_OF_ONE - 1)]
    with pytest.raises(smtplib.SMTPConnectError) as refused:
        smtplib.SMTP("127.0.0.1", port)
    assert refused.value.smtp_code == 421
    others.pop().close()
    waits_for(lambda: connects(port))
    for other in others:
        other.close()


def connects(port):
    with contextlib.suppress(smtplib.SMTPConnectError):
        smtplib.SMTP("127.0.0.1", port).close()
        return True
    return False


def test_bare_line_ends_smuggle_no_second_mail(client, provider):
    """What one server takes for the end of a mail must not stand within it for the next."""
    client.login(USER, PASSWORD)
    client.mail("printer@example.net")
    client.rcpt("user@example.org")
    client.docmd("DATA")
    client.send(b"Subject: a\r\n\r\nfirst\n.\nMAIL FROM:<x@y.z>\r.\r\nlast\r\n.\r\n")
    assert client.getreply()[0] == 250
    (received,) = provider.received
    assert b"\n.\n" not in received.octets.replace(b"\r\n", b"\r\n")
    assert received.octets.count(b"\n") == received.octets.count(b"\r\n") == received.octets.count(b"\r")
    assert received.octets.endswith(b"last\r\n")


def test_with_a_certificate_passwords_come_encrypted(service, provider, port, authority):
    pem = service.paths.settings / "tls" / "api.pem"
    pem.parent.mkdir()
    shutil.copy("tests/data/localhost.pem", pem)
    service.reload(account("a", provider.port), smtp=wanted(port))
    with contextlib.closing(smtplib.SMTP("localhost", port)) as client:
        client.ehlo()
        assert not client.has_extn("auth")
        assert client.docmd("AUTH", "PLAIN AHByaW50ZXIAZ3Vlc3M=")[0] == 538
        client.starttls(context=ssl.create_default_context(cafile="tests/data/localhost.pem"))
        client.login(USER, PASSWORD)
        client.send_message(message())
    assert len(provider.received) == 1
    pem.write_text("no certificate")
    with pytest.raises(BrokerError, match=r"mail\.relay_certificate"):
        service.reload(account("a", provider.port), smtp=wanted(port))


def test_it_moves_to_another_address_of_the_same_port(service, provider, port):
    for address in ("0.0.0.0", "127.0.0.1"):  # each holds the other
        service.reload(account("a", provider.port), smtp=wanted(port, address=address))
        assert service.status().relay == f"{address}:{port}"
        smtplib.SMTP("127.0.0.1", port).close()
    for address, reason in (("203.0.113.1", "cannot assign requested address"), ("nowhere.invalid", "no such address")):
        with pytest.raises(BrokerError) as refused:
            service.reload(account("a", provider.port), smtp=wanted(port, address=address))
        assert refused.value.params["reason"] == reason
        smtplib.SMTP("127.0.0.1", port).close()


def test_a_port_that_is_taken_is_refused_and_the_old_one_stays(service, provider, port):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        with pytest.raises(BrokerError) as refused:
            service.reload(account("a", provider.port), smtp=wanted(taken.getsockname()[1]))
        assert refused.value.key == "mail.relay_port_refused"
        assert "address already in use" in refused.value.params["reason"]
        assert service.status().relay == f"127.0.0.1:{port}"
        service.restart()  # where it was taken before: the accounts send all the same
        assert service.status().relay == ""
        assert [alarm.key for alarm in service.status().alarms] == ["mail.relay_port_refused"]
        assert service.send().state == "submitted"
    other = free_port()
    service.reload(account("a", provider.port), smtp=wanted(other))
    smtplib.SMTP("127.0.0.1", other).close()
    assert service.status().alarms == []


def test_who_is_connected_sends_no_more_when_it_is_switched_off(client, service, provider, loop, port):
    client.login(USER, PASSWORD)
    client.send_message(message())
    service.reload(account("a", provider.port, quota_day=400), smtp=wanted(port))
    client.send_message(message())  # other settings are nothing to it
    gate = provider.waits["DATA"] = Gate(loop)
    ends = []
    sending = threading.Thread(target=lambda: ends.append(client.send_message(message())))
    sending.start()
    waits_for(lambda: provider.under_way)
    with contextlib.closing(smtplib.SMTP("127.0.0.1", port, timeout=10)) as idle:
        service.reload(account("a", provider.port), smtp=wanted(port, active=False))
        with pytest.raises(smtplib.SMTPServerDisconnected):
            idle.noop()
    gate.open()
    sending.join(10)
    assert ends == [{}]
    with pytest.raises(smtplib.SMTPServerDisconnected):
        client.send_message(message())
    assert len(provider.received) == 3


def test_new_credentials_count_at_once(service, provider, port):
    service.reload(account("a", provider.port), smtp=wanted(port, relay_password="another"))
    with contextlib.closing(smtplib.SMTP("127.0.0.1", port)) as client:
        assert refusal(client.login, USER, PASSWORD)[0] == 535
        client.user, client.password = USER, "another"
        assert client.auth("PLAIN", client.auth_plain)[0] == 235


def test_the_end_waits_for_what_is_under_way(client, service, provider, loop):
    client.login(USER, PASSWORD)
    gate = provider.waits["DATA"] = Gate(loop)
    ends = []
    sending = threading.Thread(target=lambda: ends.append(client.send_message(message())))
    sending.start()
    waits_for(lambda: provider.under_way)
    stopping = threading.Thread(target=service.stop)
    stopping.start()
    gate.open()
    stopping.join(10)
    sending.join(10)
    assert ends == [{}]


def test_what_it_is_told_is_in_no_file_and_no_log(client, service, provider, caplog):
    words = {name: token() for name in ("text", "subject", "wrong password", "header")}
    with pytest.raises(smtplib.SMTPAuthenticationError):
        client.login(USER, words["wrong password"])
    with contextlib.closing(smtplib.SMTP("127.0.0.1", int(service.status().relay.rpartition(":")[2]))) as second:
        second.login(USER, PASSWORD)
        sent = message(text=f"Kode {words['text']}\n", X_Note=words["header"])
        sent.replace_header("Subject", words["subject"])
        second.send_message(sent)
    search = Search(words)
    assert search.folder(service.paths.root) == []
    ours = "".join(record.getMessage() for record in caplog.records if record.name.startswith(("otpbroker", "asyncio")))
    assert search.octets(ours.encode(), "log") == []
    assert search.octets(provider.received[0].octets, "mail") != []
