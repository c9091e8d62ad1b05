import io
import json

import pytest

from fakes.rabbitmq import ADMIN, PASSWORD
from otpbroker.cli.__main__ import main


class Fleet:
    """`otpb fleet declare` at a broker, for one virtual host; `url` is how the command reaches it."""

    def __init__(self, broker, vhost, root, capsys, monkeypatch):
        self.broker, self.vhost = broker, vhost
        self.url = f"http://127.0.0.1:{broker.management_port}"
        self.password = PASSWORD
        self._root, self._capsys, self._monkeypatch = root, capsys, monkeypatch

    def otpb(self, *arguments, stdin=""):
        """Exit status, output, errors."""
        self._monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        status = main(["--root", str(self._root), *map(str, arguments)])
        said = self._capsys.readouterr()
        return status, said.out, said.err

    def declare(self, *arguments):
        at = ("--url", self.url, "--vhost", self.vhost, "--user", ADMIN)
        return self.otpb("fleet", "declare", *at, *arguments, stdin=f"{self.password}\n")

    def declared(self, *arguments):
        """What was done, by kind and name; the passwords of new users."""
        status, out, err = self.declare("--json", *arguments)
        assert status == 0, err
        told = json.loads(out)
        steps = {(step["kind"], step["name"]): step["action"] for step in told["steps"]}
        return steps, {user["username"]: user["password"] for user in told["users"]}

    def there(self):
        """Everything in the virtual host, as the management interface tells it."""
        kinds = ("exchanges", "queues", "bindings", "policies")
        return {kind: self.broker.api("GET", kind, self.vhost, columns=_SHAPE)[1] for kind in kinds}


_SHAPE = "name,type,durable,arguments,source,destination,routing_key,pattern,definition,priority"


@pytest.fixture
def fleet(rabbitmq, vhost, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("OTPB_LANG", "en")
    return Fleet(rabbitmq, vhost, tmp_path, capsys, monkeypatch)
