"""The mail service in the test's own process: its real wiring, socket and client, below a root prefix."""

import threading

from otpbroker.clients.mail import MailClient
from otpbroker.config.sections.mail import EmailAccount, EmailSection, SmtpSection
from otpbroker.config.store import Store, render
from otpbroker.errors import BrokerError
from otpbroker.secrets import MessageText, Secret
from otpbroker.services.mail.__main__ import Mail
from otpbroker.system.files import Paths
from otpbroker.verbs import mail as verbs

PLAIN = {"host": "localhost", "starttls": False, "auth": False}


def account(name, port, **fields):
    """One on loopback; by default without TLS and password."""
    facts = PLAIN | {"sender": f"{name}@example.com", "port": port} | fields
    if "password" in facts:
        facts |= {"password": Secret(facts["password"]), "auth": True}
    return EmailAccount(name=name, **facts)


class MailDesk:
    """What a test says to the service, once it is connected."""

    def connect(self, root, *accounts, smtp=None):
        """`accounts` as `account` makes them."""
        self.paths = Paths(root)
        self.write(*accounts, smtp=smtp)
        self.client = MailClient(self.paths.socket("mail"))

    def write(self, *accounts, smtp=None):
        store = Store(self.paths)
        store.write("email", render(EmailSection(email=tuple(accounts))))
        store.write("smtp", render(SmtpSection(**smtp or {})))

    def send(self, recipient="user@example.org", text="OTP Anda adalah 1234", deadline_s=10.0, **fields):
        facts = {"door": "rest", "user": "shop", "subject": "Kode"} | fields
        verb = verbs.DeliverMail(recipient=recipient, text=MessageText(text), **facts)
        return self.client.send(verb, deadline_s)

    def outcome(self, *arguments, **fields):
        """As `send`; a refusal is told as (code, key)."""
        try:
            mailed = self.send(*arguments, **fields)
        except BrokerError as error:
            return error.code.value, error.key
        return mailed.code.value, mailed.key

    def send_many(self, count, *, at_once=8, **fields):
        """Their outcomes, in no order."""
        outcomes, numbers = [], iter(range(count))
        lock = threading.Lock()

        def work():
            while True:
                with lock:
                    number = next(numbers, None)
                if number is None:
                    return
                outcomes.append(self.send(f"user{number}@example.org", **fields))

        threads = [threading.Thread(target=work) for _ in range(at_once)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return outcomes

    def status(self):
        return self.client.call(verbs.MailStatus())

    def account(self, name):
        return next(facts for facts in self.status().accounts if facts.name == name)

    def test(self, name, recipient="user@example.org"):
        return self.client.call(verbs.TestAccount(account=name, recipient=recipient), 20)


class MailService(MailDesk):
    """`options` are those of the real service."""

    def __init__(self, root, *accounts, smtp=None, **options):
        self.connect(root, *accounts, smtp=smtp)
        self._options = options
        self.service = Mail(self.paths, **options)

    def reload(self, *accounts, smtp=None):
        self.write(*accounts, smtp=smtp)
        self.service.reload()

    def stop(self):
        stopped, self.service = self.service, None
        stopped.stop()

    def restart(self):
        self.stop()
        self.service = Mail(self.paths, **self._options)

    def close(self):
        self.client.close()
        if self.service is not None:
            self.stop()
