"""The README's examples for senders, run as they stand against a real RabbitMQ."""

import contextlib
import json
import os
import random
import re
import shutil
import subprocess
import sys
import urllib.parse
from pathlib import Path

import pika
import pytest

from fakes.canary import token
from fakes.readme import example
from fakes.waiting import waits_for
from otpbroker import msisdn
from otpbroker.envelope.commands import SendSms
from otpbroker.envelope.parse import parse
from otpbroker.envelope.sealed import CONTENT_TYPE, Opener, generate
from running import PROJECT

PREFIXES = ("007", "008", "001", "00")
PUBLIC, PRIVATE = generate()


class Language:
    """How an example in it is run, and how its function for route classes."""

    def __init__(self, name, program, classes, missing):
        self.name, self.program, self._missing = name, program, missing
        self._classes = classes

    def needed(self):
        if self._missing():
            pytest.skip(f"what the example in {self.name} needs is not installed")

    def file(self, folder):
        """The example as a file."""
        path = folder / f"send.{self.name.replace('js', 'mjs')}"
        path.write_text(example("Sending through RabbitMQ", self.name))
        if not (folder / "node_modules").exists():
            (folder / "node_modules").symlink_to(NODE_MODULES)
        return path

    def classes(self, numbers):
        """What the example's own function makes of numbers."""
        code = example("Sending through RabbitMQ", self.name)
        function = re.search(r"^(?:def|function) route.*?^(?:\}|$)", code, re.DOTALL | re.MULTILINE)[0]
        argv = [*self.program, *(part.replace("FUNCTION", function) for part in self._classes)]
        done = subprocess.run(argv, input=json.dumps(numbers), capture_output=True, text=True, check=True, timeout=20)
        return json.loads(done.stdout)


NODE_MODULES = PROJECT / "build/senders/node_modules"
LANGUAGES = [
    Language(
        "python",
        [sys.executable],
        [
            "-c",
            "import json, re, sys\nFUNCTION\nprint(json.dumps(list(map(route_class, json.load(sys.stdin)))))",
        ],
        lambda: False,
    ),
    Language(
        "php",
        ["php"],
        ["-r", "FUNCTION echo json_encode(array_map('route_class', json_decode(stream_get_contents(STDIN))));"],
        lambda: not (shutil.which("php") and Path("/usr/share/php/PhpAmqpLib/autoload.php").exists()),
    ),
    Language(
        "js",
        ["node"],
        ["-e", "FUNCTION console.log(JSON.stringify(JSON.parse(fs.readFileSync(0)).map(routeClass)))"],
        lambda: not (shutil.which("node") and NODE_MODULES.exists()),
    ),
]


@pytest.fixture(params=LANGUAGES, ids=lambda language: language.name)
def language(request):
    request.param.needed()
    return request.param


class Sender:
    """The example in a language, with a publisher's rights; `word` is in the text that it sends."""

    def __init__(self, fleet, language, folder):
        self._file = [*language.program, language.file(folder)]
        _, users = fleet.declared("--classes", "62811", "--publisher", "shop", "--device", "pi")
        self.device = users["pi"]
        user, vhost = f"shop:{users['shop']}", urllib.parse.quote(fleet.vhost, safe="")
        self.plain = f"amqp://{user}@127.0.0.1:{fleet.broker.port}/{vhost}"
        self.tls = f"amqps://{user}@localhost:{fleet.broker.tls_port}/{vhost}"
        self.wrong_name = f"amqps://{user}@127.0.0.1:{fleet.broker.tls_port}/{vhost}"
        self._ca = str(fleet.broker.ca)
        self.word = token()
        self._processes = []

    def close(self):
        for process in self._processes:
            process.kill()
            process.communicate()

    def start(self, number, url, **environment):
        trust = {"SSL_CERT_FILE": self._ca, "NODE_EXTRA_CA_CERTS": self._ca}
        process = subprocess.Popen(
            [*self._file, number],
            env={"PATH": os.environ["PATH"], "AMQP_URL": url} | trust | environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        process.stdin.write(f"Kode Anda: {self.word}\n")
        process.stdin.close()
        process.stdin = None
        self._processes.append(process)
        return process

    def fails(self, number, url):
        """What it says where it cannot send; the text is not in it."""
        process = self.start(number, url)
        output, errors = process.communicate(timeout=20)
        assert process.returncode != 0, output
        assert self.word not in output + errors
        return errors


@pytest.fixture
def sender(fleet, language, tmp_path):
    with contextlib.closing(Sender(fleet, language, tmp_path)) as made:
        yield made


@pytest.mark.parametrize("sealed", [False, True], ids=["plain", "sealed"])
def test_an_example_sends_and_hears_the_outcome(fleet, sender, sealed):
    number, queue = ("+62899234567", "sms") if sealed else ("0811-2345 678", "sms.62811")
    process = sender.start(number, sender.tls if sealed else sender.plain, SEAL_FOR=PUBLIC if sealed else "")
    with fleet.broker.channel(fleet.vhost, "pi", sender.device) as device:
        got = []
        waits_for(lambda: got.append(device.basic_get(queue, auto_ack=True)) or got[-1][0])
        _, properties, body = got[-1]
        assert (sender.word.encode() in body) is not sealed
        about = pika.BasicProperties(correlation_id=properties.correlation_id)
        device.basic_publish("", properties.reply_to, b'{"response_code":"0000"}', about)
    output, errors = process.communicate(timeout=20)
    assert (json.loads(output), errors) == ({"response_code": "0000"}, "")
    command = parse(Opener(PRIVATE, required=sealed).open(body, properties.content_type))
    assert isinstance(command, SendSms)
    assert command.text.reveal() == f"Kode Anda: {sender.word}"
    assert command.timing.expiration - command.timing.date_time == 120
    assert command.id == properties.message_id == properties.correlation_id
    assert (properties.delivery_mode, properties.expiration) == (2, "120000")
    assert properties.content_type == (CONTENT_TYPE if sealed else "application/json")
    assert abs(properties.timestamp - command.timing.date_time) <= 1


def test_an_example_fails_where_the_broker_does_not_have_the_message(fleet, sender):
    fleet.broker.api("DELETE", "bindings", fleet.vhost, "e", "sms.default", "q", "sms", "~")
    assert sender.fails("0899234567", sender.plain)
    assert sender.fails("0811234567", sender.wrong_name)


def test_an_examples_route_class_is_the_beginning_of_the_canonical_number(language):
    numbers = ["0811-2345 678", "+62 (811) 234.567", "0062811234567", "00862811234567", "62811234567", "811 234 5678"]
    typed = random.Random(4)
    for _ in range(200):
        tail = "".join(typed.choices("0123456789", k=typed.randint(8, 11)))
        numbers.append(typed.choice(["0", "62", "+62", "+1", "0062", "00762", "44"]) + typed.choice("123456789") + tail)
    expected = [msisdn.canonical(number, "62", PREFIXES)[:5] for number in numbers]
    assert language.classes([*numbers, "otp@example.com"]) == [*expected, "default"]
