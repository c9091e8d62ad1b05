"""Several devices on a cluster of three RabbitMQ nodes: whatever is killed, no message is lost and few go out twice.

`OTPB_LOAD=3000 OTPB_DEVICES=8 OTPB_KILLS=29` make it what the product promises; less runs in the suite.
"""

import collections
import contextlib
import itertools
import os
import random
import signal
import threading
import time

import pika
import pytest
from bench.processes import Children
from bench.simulator import Simulator

from fakes import air
from fakes.rabbitmq import ADMIN, PASSWORD, cluster
from fakes.whole import Whole
from running import otpb

MESSAGES = int(os.environ.get("OTPB_LOAD", "500"))
DEVICES = int(os.environ.get("OTPB_DEVICES", "3"))
KILLS = int(os.environ.get("OTPB_KILLS", "5"))
MODEMS = 2
LATENCY_S = 0.1
CLASSES = ("62811", "62812", "62813")
# Overlapping: two devices share each class, and one modem is made for two of them.
PREFIXES = ("62811,62812", "62812,62813", "62813,62811", "")
IN_HAND = 2 * MODEMS * 4  # two for each modem of a device, from the default queue and at most three classes


class Device:
    """`scripts/run` with two modems that outlive it; killed with all its processes, and started again."""

    def __init__(self, folder, links, at, node):
        folder.mkdir()
        self.folder, self.at = folder, at
        self.modems = [f"{links}/modem{at * MODEMS + each}" for each in range(MODEMS)]
        self.whole = self._run()
        where = ("host=127.0.0.1", f"port={node.port}", "vhost=/", f"username={ADMIN}", "password=-", "fleet=true")
        for name in ("m0", "m1"):
            prefixes = PREFIXES[at % len(PREFIXES)]
            self._otpb("modem", "set", name, f"recipient_prefix={prefixes}", f"default_modem={at % 4 == 3}")
        self._otpb("settings", "set", "limits", "per_number_hour=0", "per_number_day=0")
        more = ("reconnect_delay_s=1", "heartbeat_s=4", "enabled=true")
        self._otpb("settings", "set", "amqp", *where, *more, stdin=PASSWORD)

    def _run(self):
        return Whole(self.folder, *(word for modem in self.modems for word in ("--modem", modem)))

    def _otpb(self, *arguments, stdin=""):
        done = self.whole.otpb(*arguments, stdin=stdin)
        assert done.returncode == 0, done.stderr

    def kill(self):
        """With SIGKILL, the supervisor first: the kernel ends its children with it."""
        self.whole.process.send_signal(signal.SIGKILL)
        self.whole.process.wait()

    def start(self):
        self.whole.process.stdout.close()
        port = self.whole.port
        self.whole = self._run()
        self.whole.port = port

    def consumes(self):
        return self.whole.told("feeder", "status")["feeders"][0]["state"] == "consuming"

    def stop(self):
        self.whole.stop()


def publish(nodes, messages):
    """All of `messages`, about as fast as the modems take them, by whichever node lives; the cluster has them then."""
    waiting = collections.deque(messages)
    for node in itertools.cycle(nodes):
        try:
            with node.channel() as channel:
                while waiting:
                    number, text = waiting[0]
                    body = f'{{"command":"send-sms","data":{{"id":123456,"msisdn":"{number}","message":"{text}"}}}}'
                    properties = pika.BasicProperties(message_id=text, delivery_mode=2)
                    channel.basic_publish("sms.in", number[:5], body, properties, mandatory=True)
                    waiting.popleft()
                    time.sleep(LATENCY_S / (DEVICES * MODEMS))
        except (pika.exceptions.AMQPError, OSError):
            time.sleep(0.2)
        if not waiting:
            return


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_nothing_is_lost_whatever_is_killed(tmp_path):
    chance = random.Random(int(os.environ.get("OTPB_SEED", "3")))
    numbers = [f"{chance.choice((*CLASSES, '62899'))}{at:07d}" for at in range(MESSAGES)]
    messages = [(number, f"OTP {at:06d}") for at, number in enumerate(numbers)]
    with (
        cluster(tmp_path, 3) as nodes,
        Children() as children,
        Simulator(children, tmp_path, DEVICES * MODEMS) as modems,
        contextlib.ExitStack() as stack,
    ):
        declare(tmp_path, nodes[0])
        devices = [Device(tmp_path / f"device{at}", modems.links, at, nodes[at % 3]) for at in range(DEVICES)]
        for device in devices:
            stack.callback(device.stop)
        run(nodes, devices, messages, chance, modems.control)


def declare(tmp_path, node):
    at = ("--url", f"http://127.0.0.1:{node.management_port}", "--user", ADMIN)
    told = otpb(tmp_path / "operator", "fleet", "declare", *at, "--classes", ",".join(CLASSES), stdin=PASSWORD)
    assert told.returncode == 0, told.stderr


def run(nodes, devices, messages, chance, simulator):
    simulator.set(latency_s=LATENCY_S)
    for device in devices:
        device.whole.until(device.consumes, 60)
    began = time.monotonic()
    struck = strike(nodes, devices, chance, messages)
    wait_until_empty(simulator, len(messages))
    verdict(simulator, messages, struck, time.monotonic() - began)


def strike(nodes, devices, chance, messages):
    """Kill a device while each share of the messages comes, and one broker halfway; how many messages were in hand
    then at the most.
    """
    in_hand = 0
    share = -(-len(messages) // KILLS)
    for kill in range(KILLS):
        sender = threading.Thread(target=publish, args=(nodes, messages[kill * share :][:share]))
        sender.start()
        time.sleep(chance.random())
        if kill == KILLS // 2:
            nodes[2].kill()
            in_hand += IN_HAND * len(devices)
            nodes[2].start()
        device = chance.choice(devices)
        device.kill()
        in_hand += IN_HAND
        device.start()
        sender.join()
    return in_hand


def wait_until_empty(simulator, count):
    """Every message was heard, or nothing moves any more."""
    heard, quiet_since = -1, time.monotonic()
    while time.monotonic() - quiet_since < 30:
        now = len({(each.number, each.text) for each in air.heard(simulator.submitted())[0]})
        if now >= count:
            return
        if now != heard:
            heard, quiet_since = now, time.monotonic()
        time.sleep(0.5)


def verdict(simulator, messages, struck, took_s):
    copies = collections.Counter((each.number, each.text) for each in air.heard(simulator.submitted())[0])
    lost = [message for message in messages if message not in copies]
    extra = sum(copies.values()) - len(copies)
    print(  # noqa: T201 - the figures are the finding
        f"{len(messages)} messages, {DEVICES} devices, {KILLS} kills and a broker's, {took_s:.0f} s:"
        f" lost {len(lost)}, sent again {extra}, in hand at the kills at most {struck}"
    )
    assert not lost
    assert not set(copies) - set(messages)
    assert extra <= struck
