"""The network edge: nginx's whole configuration. TLS, slow clients and limits are its part, all else the services'.

No text of a message ever rests here: bodies fit the buffers or are refused (the folder for temporary files is one that
nginx may not write), nothing logs a request, and errors that could quote one are not told.
"""

import math
from collections.abc import Iterator
from typing import Final

from otpbroker.network import edge_answers
from otpbroker.network.directives import Directive, block, line, written
from otpbroker.network.edge_facts import PEM, Facts, digest_of, ports
from otpbroker.network.edge_servers import run_folder, servers, shown

__all__ = ["PEM", "Facts", "digest_of", "directives", "ports", "render"]
HEAD_S: Final = 5
WAIT_BEYOND_S: Final = 50  # what a service may take beyond the deadline of a message (45), and a little
# Beyond them the longest idle go first. A connection costs 0.4 KiB, one of TLS 16 KiB, one that dribbles a head 9 KiB,
# and the kernel's part of each about 4 KiB: in all what a board of 512 MiB can lose.
MOST_CONNECTIONS: Final = 4096


def render(facts: Facts) -> str:
    """nginx.conf. Raises `Unrenderable`."""
    return written(directives(facts))


def directives(facts: Facts) -> tuple[Directive, ...]:
    """As `render`, not written yet."""
    run = run_folder(facts)
    return (
        line("pid", f"{run}/otpb-edge/nginx.pid"),
        line("error_log", "stderr", "warn"),
        line("worker_processes", 1),
        line("worker_rlimit_nofile", MOST_CONNECTIONS + 1024),
        line("worker_shutdown_timeout", f"{_wait_s(facts)}s"),
        block("events", holds=(line("worker_connections", MOST_CONNECTIONS),)),
        block("http", holds=(*_common(facts, run), *edge_answers.maps(), shown(), *servers(facts))),
    )


def _wait_s(facts: Facts) -> int:
    return math.ceil(facts.deadline_s) + WAIT_BEYOND_S


def _common(facts: Facts, run: str) -> Iterator[Directive]:
    # Below `emerg`, lines quote requests with their queries.
    yield line("error_log", "stderr", "emerg")
    yield line("access_log", "off")
    for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"):
        yield line(f"{kind}_temp_path", f"{run}/otpbroker")
    yield line("server_tokens", "off")
    yield line("client_header_timeout", f"{HEAD_S}s")
    yield line("client_body_timeout", f"{HEAD_S}s")
    yield line("send_timeout", "10s")
    yield line("keepalive_timeout", "30s")
    yield line("keepalive_requests", 100000)
    yield line("lingering_time", f"{HEAD_S}s")
    yield line("lingering_timeout", "2s")
    yield line("reset_timedout_connection", "on")
    yield line("client_header_buffer_size", "1k")
    yield line("large_client_header_buffers", 2, "4k")
    yield line("limit_conn_zone", "$binary_remote_addr$server_port", "zone=address:2m")
    yield line("limit_conn_zone", "$server_port", "zone=port:64k")
    yield line("limit_conn_zone", "$server_port", "zone=uploads:64k")
    yield line("limit_conn_status", 429)
    yield from _passing(facts)
    for name, socket in (("api", "otpb-api/http"), ("panel", "otpb-admin/http"), ("setup", "otpb-admin/setup")):
        yield block("upstream", name, holds=(line("server", f"unix:{run}/{socket}"), line("keepalive", 32)))


def _passing(facts: Facts) -> Iterator[Directive]:
    """How requests go to the services. Never twice: what one of them has, it may have done."""
    yield line("proxy_http_version", "1.1")
    headers = {"Host": "$http_host", "X-Real-IP": "$remote_addr", "X-Forwarded-Proto": "$scheme"}
    headers |= dict.fromkeys(("Connection", "Forwarded", "X-Forwarded-For", "X-Forwarded-Host"), "")
    for name, value in headers.items():
        yield line("proxy_set_header", name, value)
    yield line("proxy_next_upstream", "off")
    yield line("proxy_connect_timeout", "5s")
    yield line("proxy_send_timeout", "10s")
    yield line("proxy_read_timeout", f"{_wait_s(facts)}s")
    yield line("proxy_buffer_size", "8k")
    yield line("proxy_buffers", 64, "16k")
    yield line("proxy_busy_buffers_size", "32k")
    yield line("proxy_max_temp_file_size", 0)
