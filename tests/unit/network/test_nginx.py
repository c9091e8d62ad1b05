import os
import shutil
import subprocess
from dataclasses import replace
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.nginx import PROGRAM, has_http2_directive
from fakes.nginx_conf import parse
from otpbroker.config.sections.admins import PanelSection
from otpbroker.config.sections.api import ApiSection
from otpbroker.config.sections.network import WlanSection
from otpbroker.network import edge_servers, nginx
from otpbroker.network.names import Unrenderable
from otpbroker.network.nginx import Facts

numbers = st.integers(1, 65535)
paths = st.from_regex(r"(/[A-Za-z0-9_][A-Za-z0-9._-]{0,20}){1,4}", fullmatch=True).map(Path)
host_names = st.from_regex(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,30}[A-Za-z0-9])?", fullmatch=True)
many = st.builds(
    Facts,
    panel=st.builds(PanelSection, port=numbers, host_names=st.lists(host_names, max_size=4).map(tuple)),
    api=st.builds(
        ApiSection, http_enabled=st.booleans(), http_port=numbers, https_enabled=st.booleans(), https_port=numbers
    ),
    wlan=st.builds(
        WlanSection, address=st.integers(1 << 24, (224 << 24) - 1).map(IPv4Address).map(str), prefix=st.integers(8, 30)
    ),
    deadline_s=st.floats(0.1, 3600),
    certificate=st.booleans(),
    administrator=st.booleans(),
    taken_over=st.booleans(),
    ipv6=st.booleans(),
    http2_directive=st.booleans(),
    run=paths,
)


def of(tree, *names):
    """The directives at the end of a path of names."""
    found = tree
    for name in names[:-1]:
        found = [inner for each in found if each.name == name for inner in each.block]
    return [each for each in found if each.name == names[-1]]


def servers(facts):
    """Each server's directives by the ports it listens on."""
    found = {}
    for server in of(parse(nginx.render(facts)), "http", "server"):
        for listen in of(server.block, "listen"):
            found.setdefault(listen.words[0].rpartition(":")[2], []).append(server.block)
    return found


def location(server, path):
    (found,) = (each for each in of(server, "location") if each.words[-1] == path)
    return found.block


@given(many)
def test_what_is_written_is_what_nginx_reads(facts):
    tree = nginx.directives(facts)
    assert parse(nginx.render(facts)) == tree
    listened = {int(words.words[0]) for words in of(tree, "http", "server", "listen") if ":" not in words.words[0]}
    assert listened == set(nginx.ports(facts).values())


@given(many)
def test_no_text_of_a_message_can_rest_anywhere(facts):
    tree = nginx.directives(facts)
    http = next(each.block for each in tree if each.name == "http")
    assert of(http, "access_log")[0].words == ("off",)
    assert of(http, "error_log")[0].words == ("stderr", "emerg")
    assert of(http, "proxy_max_temp_file_size")[0].words == ("0",)
    for places in (
        http,
        *(each.block for each in of(http, "server")),
        *(each.block for each in of(http, "server", "location")),
    ):
        for size in of(places, "client_max_body_size"):
            assert int(of(places, "client_body_buffer_size")[0].words[0]) >= int(size.words[0])


@pytest.mark.parametrize(
    ("settings", "served"),
    [
        ({"http_port": 8888}, {"panel": 8888, "setup": 8887, "https": 10443}),
        ({"http_port": 8887}, {"panel": 8888, "setup": 8887, "https": 10443}),
        ({"https_port": 8889}, {"panel": 8888, "setup": 8887, "http": 8889}),
    ],
)
def test_where_two_have_one_port_the_panel_stays(settings, served):
    facts = Facts(api=ApiSection(https_enabled=True, **settings), certificate=True)
    assert nginx.ports(facts) == served
    assert {port: len(found) for port, found in servers(facts).items()} == {str(port): 2 for port in served.values()}


def test_https_needs_a_certificate():
    api = ApiSection(https_enabled=True)
    assert "10443" not in servers(Facts(api=api))
    server = servers(Facts(api=api, certificate=True))["10443"][0]
    for name in ("ssl_certificate", "ssl_certificate_key"):
        assert of(server, name)[0].words == ("$otpb_shown",)
    assert of(server, "root")[0].words == ("/run/otpbroker/edge.pem",)
    assert of(server, "listen")[0].words == ("10443", "ssl")
    assert of(server, "http2")[0].words == ("on",)


def test_an_older_nginx_is_told_of_http2_in_its_way():
    server = servers(Facts(api=ApiSection(https_enabled=True), certificate=True, http2_directive=False))["10443"][0]
    assert of(server, "listen")[0].words == ("10443", "ssl", "http2")
    assert of(server, "http2") == []


def test_only_the_access_points_side_comes_to_the_set_up_socket():
    taken = servers(Facts(taken_over=True))["8887"][0]
    assert [each.words for each in of(taken, "allow")] == [("192.168.0.0/24",), ("fe80::/10",)]
    assert of(taken, "deny")[0].words == ("all",)
    for path in ("/", *edge_servers.UPLOADS):
        assert of(location(taken, path), "proxy_pass")[0].words == ("http://setup",)
        for elsewhere in servers(Facts(taken_over=True))["8888"]:
            assert of(location(elsewhere, path), "proxy_pass")[0].words == ("http://panel",)


def test_somebodys_computer_is_set_up_from_itself_and_keeps_its_port_80():
    own = servers(Facts())
    assert [each.words for each in of(own["8887"][0], "allow")] == [("127.0.0.0/8",), ("::1",)]
    assert of(own["8887"][0], "deny")[0].words == ("all",)
    assert "80" not in own


def test_port_80_is_the_settings_where_they_want_it():
    panel = servers(Facts(taken_over=True, panel=PanelSection(port=80)))
    assert all(of(server, "proxy_pass") or of(server, "location", "proxy_pass") for server in panel["80"])


def test_without_an_administrator_the_api_does_nothing():
    api = ApiSection(https_enabled=True)
    facts = Facts(api=api, certificate=True, administrator=False)
    for port in ("8889", "10443"):
        assert of(location(servers(facts)[port][0], "/"), "return")[0].words == ("503", "$otpb_fresh")
        assert of(location(servers(replace(facts, administrator=True))[port][0], "/"), "return") == []


@pytest.mark.parametrize(
    "facts",
    [
        Facts(run=Path("/run; include /etc/passwd")),
        Facts(run=Path("/run/../etc")),
        Facts(run=Path("relative")),
        Facts(taken_over=True, panel=PanelSection(host_names=("a b",))),
        Facts(taken_over=True, panel=PanelSection(host_names=("~^.*$",))),
        Facts(taken_over=True, panel=PanelSection(host_names=("x;return 200",))),
        Facts(taken_over=True, wlan=WlanSection(address="10.0.0.1;")),
    ],
)
def test_nothing_is_injected(facts):
    with pytest.raises(Unrenderable):
        nginx.render(facts)


@pytest.mark.skipif(not os.access(PROGRAM, os.X_OK), reason="no nginx here")
@pytest.mark.parametrize("administrator", [True, False])
@pytest.mark.parametrize("taken_over", [True, False])
def test_nginx_itself_takes_it(tmp_path, administrator, taken_over):
    run = tmp_path / "run"
    for folder in ("otpb-edge", "otpbroker"):
        (run / folder).mkdir(parents=True)
    shutil.copy(Path(__file__).parents[2] / "data/localhost.pem", run / nginx.PEM)
    facts = Facts(
        panel=PanelSection(port=21001, host_names=("sms.example.com",)),
        api=ApiSection(http_port=21002, https_enabled=True, https_port=21003),
        certificate=True,
        http2_directive=has_http2_directive(),
        administrator=administrator,
        taken_over=taken_over,
        run=run,
        setup_port=21004,
        portal_port=21005,
    )
    config = tmp_path / "nginx.conf"
    config.write_text(nginx.render(facts))
    tested = subprocess.run(
        [PROGRAM, "-t", "-e", "stderr", "-c", config], capture_output=True, text=True, check=False, timeout=20
    )
    assert tested.returncode == 0, tested.stderr
