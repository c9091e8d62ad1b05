"""RabbitMQ as tests need it: with TLS, an interface for its administrator, faults, and company."""

import base64
import contextlib
import http.client
import json
import ssl
import subprocess
import urllib.parse

import pika
import pytest
import trustme
from bench.rabbitmq import ADMIN, BIN, PASSWORD, READY_S, Node, low_port, port_mapper

EVERYTHING = {"configure": ".*", "write": ".*", "read": ".*"}
_CONFIG = """\
listeners.ssl.1 = 127.0.0.1:{tls_port}
ssl_options.certfile = {folder}/server.pem
ssl_options.keyfile = {folder}/server.pem
ssl_options.cacertfile = {folder}/ca.pem
management.tcp.ip = 127.0.0.1
management.tcp.port = {management_port}
management.ssl.ip = 127.0.0.1
management.ssl.port = {management_tls_port}
management.ssl.certfile = {folder}/server.pem
management.ssl.keyfile = {folder}/server.pem
management.ssl.cacertfile = {folder}/ca.pem
collect_statistics_interval = 500
"""
# What it tells of queues is a second old, not ten. What moves from queue to queue while a node dies is tried again
# every five seconds, not every three minutes, as the README asks of clusters.
_ADVANCED = """\
[{rabbit, [{quorum_tick_interval, 500}, {dead_letter_worker_publisher_confirm_timeout, 5000}]},
 {rabbitmq_management,
  [{sample_retention_policies, [{global, [{60, 1}]}, {basic, [{60, 1}]}, {detailed, [{10, 1}]}]}]}].
"""


class RabbitMQ(Node):
    """Node `at` of a cluster of `nodes`. Its management interface is at `management_port`; `tls_port` and
    `management_tls_port` are the same two over TLS, with a certificate that `ca` signed for the name localhost, not for
    127.0.0.1.
    """

    def __init__(self, folder, epmd_port, at=0, nodes=1):
        self.tls_port, self.management_port, self.management_tls_port = (low_port() for _ in range(3))
        self.ca = folder / "ca.pem"
        peers = [f"cluster_formation.classic_config.nodes.{each} = otpb{each}@localhost\n" for each in range(nodes)]
        more = _CONFIG.format(folder=folder, **vars(self)) + "".join(peers if nodes > 1 else ())
        super().__init__(folder, epmd_port, at, more, ["rabbitmq_management"])
        self._environment["RABBITMQ_ADVANCED_CONFIG_FILE"] = str(folder / "advanced.config")
        (folder / "advanced.config").write_text(_ADVANCED)
        authority = trustme.CA()
        authority.cert_pem.write_to_path(self.ca)
        authority.issue_cert("localhost").private_key_and_cert_chain_pem.write_to_path(folder / "server.pem")

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

    def api(self, method, *path, body=None, columns=""):
        """The management interface's answer to a request of the administrator: status and content. `columns` names
        what is wanted of each object.
        """
        connection = http.client.HTTPConnection("127.0.0.1", self.management_port, timeout=30)
        credentials = base64.b64encode(f"{ADMIN}:{PASSWORD}".encode()).decode()
        headers = {"Authorization": f"Basic {credentials}", "Content-Type": "application/json"}
        with contextlib.closing(connection):
            target = "/api/" + "/".join(urllib.parse.quote(part, safe="") for part in path)
            target += f"?columns={columns}" * bool(columns)
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

    def delete_users(self):
        """All but the administrator."""
        for user in self.api("GET", "users")[1]:
            if user["name"] != ADMIN:
                self._do("DELETE", "users", user["name"])

    # Clients

    def parameters(self, vhost="/", user=ADMIN, password=PASSWORD, *, tls=False):
        plain = super().parameters(vhost, user, password)
        if tls:
            plain.host, plain.port = "localhost", self.tls_port
            plain.ssl_options = pika.SSLOptions(ssl.create_default_context(cafile=self.ca), "localhost")
        return plain


@contextlib.contextmanager
def cluster(folder, count, *, started=True, ready_s=READY_S):
    """`count` nodes of one cluster, all running; three take about 16 seconds to start."""
    if not (BIN / "rabbitmq-server").exists():
        pytest.skip("rabbitmq-server is not installed")
    with port_mapper() as port, contextlib.ExitStack() as stack:
        nodes = [stack.enter_context(RabbitMQ(folder / f"rabbitmq{at}", port, at, count)) for at in range(count)]
        for node in nodes if started else ():
            node.launch()
        for node in nodes if started else ():
            node.await_ready(ready_s)
        yield nodes


@contextlib.contextmanager
def running(folder, *, started=True, ready_s=READY_S):
    """One running broker, or one to be started."""
    with cluster(folder, 1, started=started, ready_s=ready_s) as (node,):
        yield node
