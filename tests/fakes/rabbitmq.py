"""A real RabbitMQ that a test starts itself: own ports, node name, cookie and data, nothing outside its folder."""

import base64
import contextlib
import http.client
import json
import os
import secrets
import signal
import socket
import ssl
import subprocess
import urllib.parse
from pathlib import Path

import pika
import pytest
import trustme

from fakes.waiting import waits_for

BIN = Path("/usr/lib/rabbitmq/bin")
READY_S = 60
ADMIN, PASSWORD = "root", "a password for tests"
EVERYTHING = {"configure": ".*", "write": ".*", "read": ".*"}
_CONFIG = f"""\
listeners.tcp.1 = 127.0.0.1:{{port}}
listeners.ssl.1 = 127.0.0.1:{{tls_port}}
ssl_options.certfile = {{folder}}/server.pem
ssl_options.keyfile = {{folder}}/server.pem
ssl_options.cacertfile = {{folder}}/ca.pem
management.tcp.ip = 127.0.0.1
management.tcp.port = {{management_port}}
default_user = {ADMIN}
default_pass = {PASSWORD}
loopback_users = none
disk_free_limit.absolute = 1MB
"""


def low_port():
    """A free port below those that outgoing connections take, so that it is still free after a restart."""
    while True:
        port = 10000 + secrets.randbelow(22000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def _spawn(argv, environment):
    """A program that the kernel ends with the thread that started it."""
    return subprocess.Popen(
        ["/usr/bin/setpriv", "--pdeathsig", "KILL", *map(str, argv)],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


class RabbitMQ:
    """Node `at` of a cluster of `nodes`. It listens on `port` (AMQP), `tls_port` (AMQPS, with a certificate for the
    name localhost, not for 127.0.0.1, that `ca` signed) and `management_port`, all of 127.0.0.1. What it writes is
    below `folder`, messages below `data`.

    Start it from the main thread: it ends with the thread that started it.
    """

    def __init__(self, folder, epmd_port, at=0, nodes=1):
        folder.mkdir(exist_ok=True)
        self.folder, self.data, self.ca = folder, folder / "data", folder / "ca.pem"
        self.name = f"otpb{at}@localhost"
        self.port, self.tls_port, self.management_port, self._distribution_port = (low_port() for _ in range(4))
        self._process = None
        self._manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._manager.bind(f"\0otpb-{secrets.token_hex(8)}")
        self._manager.settimeout(READY_S)
        self._environment = self._variables(epmd_port)
        self._write(nodes)

    def _variables(self, epmd_port):
        return {
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "HOME": str(self.folder),
            "NOTIFY_SOCKET": "@" + self._manager.getsockname()[1:].decode(),
            "ERL_EPMD_PORT": str(epmd_port),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_CONF_ENV_FILE": "/dev/null",
            "RABBITMQ_NODENAME": self.name,
            "RABBITMQ_DIST_PORT": str(self._distribution_port),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
            "RABBITMQ_CONFIG_FILE": str(self.folder / "rabbitmq.conf"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.folder / "plugins"),
            "RABBITMQ_MNESIA_BASE": str(self.data),
            "RABBITMQ_LOG_BASE": str(self.folder / "log"),
            "RABBITMQ_PID_FILE": str(self.folder / "pid"),
        }

    def _write(self, nodes):
        authority = trustme.CA()
        authority.cert_pem.write_to_path(self.ca)
        authority.issue_cert("localhost").private_key_and_cert_chain_pem.write_to_path(self.folder / "server.pem")
        peers = [f"cluster_formation.classic_config.nodes.{each} = otpb{each}@localhost\n" for each in range(nodes)]
        (self.folder / "rabbitmq.conf").write_text(_CONFIG.format(**vars(self)) + "".join(peers if nodes > 1 else ()))
        (self.folder / "plugins").write_text("[rabbitmq_management].\n")
        cookie = self.folder / ".erlang.cookie"
        cookie.write_text("THECOOKIEOFTESTS")
        cookie.chmod(0o400)

    # Life and death

    def launch(self):
        """Start it; `await_ready` says when it is there."""
        self._process = _spawn([BIN / "rabbitmq-server"], self._environment)

    def await_ready(self):
        try:
            while b"READY=1" not in self._manager.recv(4096):
                pass
        except TimeoutError:
            pytest.fail(self.log()[-4000:])

    def start(self):
        """Takes about five seconds; a restart with the same data as long."""
        self.launch()
        self.await_ready()
        return self

    def stop(self):
        """In good order, in about six seconds."""
        self._process.terminate()
        self._process.wait(READY_S)

    def kill(self):
        """With SIGKILL, as soon as it would remember what queues it has."""
        waits_for(self._queues_written)
        self._process.kill()
        self._process.wait()

    def _queues_written(self):
        """A quorum queue is in the broker's register of them about a second after its declaration; before, 3.10.8 would
        forget it. The register says by itself whether it was written whole (the flag in the head of a DETS file).
        """
        return all(path.read_bytes()[8:12] == b"\0\0\0\1" for path in self.data.glob("*/quorum/*/names.dets"))

    def freeze(self):
        """Connections stay open and nothing answers, until `thaw`."""
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self):
        self._process.send_signal(signal.SIGCONT)

    def close(self):
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._manager.close()

    def log(self):
        return "".join(path.read_text(errors="replace") for path in sorted((self.folder / "log").glob("*.log")))

    # Set-up and faults

    def ctl(self, *arguments):
        """`rabbitmqctl`; what it says."""
        argv = [BIN / "rabbitmqctl", "--silent", "-n", self.name, *map(str, arguments)]
        done = subprocess.run(argv, env=self._environment, capture_output=True, text=True, timeout=30, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def disk_alarm(self, on):
        """Publishers are held while it is on."""
        self.ctl("set_disk_free_limit", 10**15 if on else 10**6)

    def api(self, method, *path, body=None):
        """The management interface's answer to a request of the administrator: status and content."""
        connection = http.client.HTTPConnection("127.0.0.1", self.management_port, timeout=30)
        credentials = base64.b64encode(f"{ADMIN}:{PASSWORD}".encode()).decode()
        headers = {"Authorization": f"Basic {credentials}", "Content-Type": "application/json"}
        with contextlib.closing(connection):
            target = "/api/" + "/".join(urllib.parse.quote(part, safe="") for part in path)
            connection.request(method, target, None if body is None else json.dumps(body), headers)
            answer = connection.getresponse()
            content = answer.read()
            return answer.status, json.loads(content) if content else None

    def _do(self, method, *path, body=None):
        status, content = self.api(method, *path, body=body)
        assert status in (201, 204), content

    def add_vhost(self, name):
        """A virtual host where the administrator may do everything."""
        self._do("PUT", "vhosts", name)
        self._do("PUT", "permissions", name, ADMIN, body=EVERYTHING)

    def delete_vhost(self, name):
        self._do("DELETE", "vhosts", name)

    def add_user(self, name, password, vhost="/", rights=EVERYTHING):
        """`rights`: patterns of the names that it may configure, write and read in `vhost`."""
        self._do("PUT", "users", name, body={"password": password, "tags": ""})
        self._do("PUT", "permissions", vhost, name, body=rights)

    # Clients

    def parameters(self, vhost="/", user=ADMIN, password=PASSWORD, *, tls=False):
        context = ssl.create_default_context(cafile=self.ca)
        return pika.ConnectionParameters(
            host="localhost" if tls else "127.0.0.1",
            port=self.tls_port if tls else self.port,
            virtual_host=vhost,
            credentials=pika.PlainCredentials(user, password),
            ssl_options=pika.SSLOptions(context, "localhost") if tls else None,
            heartbeat=0,
        )

    @contextlib.contextmanager
    def channel(self, vhost="/", user=ADMIN, password=PASSWORD, *, confirm=True):
        """A channel of a blocking connection of its own; what is published on it is there when the call returns."""
        connection = pika.BlockingConnection(self.parameters(vhost, user, password))
        try:
            channel = connection.channel()
            if confirm:
                channel.confirm_delivery()
            yield channel
        finally:
            if connection.is_open:
                connection.close()

    def waiting(self, queue, vhost="/"):
        """How many messages wait in a queue."""
        with self.channel(vhost) as channel:
            return channel.queue_declare(queue, passive=True).method.message_count


@contextlib.contextmanager
def cluster(folder, count):
    """`count` nodes of one cluster, all running; three take about 16 seconds to start."""
    if not (BIN / "rabbitmq-server").exists():
        pytest.skip("rabbitmq-server is not installed")
    port = low_port()
    epmd = _spawn(["epmd", "-port", port, "-address", "127.0.0.1"], {"PATH": os.environ["PATH"]})
    nodes = [RabbitMQ(folder / f"rabbitmq{at}", port, at, count) for at in range(count)]
    try:
        for node in nodes:
            node.launch()
        for node in nodes:
            node.await_ready()
        yield nodes
    finally:
        for node in nodes:
            node.close()
        epmd.kill()
        epmd.wait()


@contextlib.contextmanager
def running(folder):
    """One running broker."""
    with cluster(folder, 1) as (node,):
        yield node
