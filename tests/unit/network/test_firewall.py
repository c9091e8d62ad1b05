from pathlib import Path

import pytest
from hypothesis import given

from fakes.awkward_settings import API, FIREWALL, FIREWALL_BROKEN, PORTS
from fakes.system_files import nft as read
from fakes.system_files import open_ports
from otpbroker.config.sections.api import ApiSection
from otpbroker.config.sections.network import FirewallRule, FirewallSection
from otpbroker.network.firewall import Door, doors, render
from otpbroker.network.names import Unrenderable

PLAIN = render(FirewallSection(), ApiSection(), 8888)
CHAINS = {"ap": "ap", "ethernet": "wired", "mobile": "mobile"}


def means(text):
    """The doors that a ruleset opens by port, and the panel's port; all else is as in any ruleset of ours."""
    chains = read(text)
    opened = {Door(side, *one) for side, chain in CHAINS.items() for one in open_ports(chains[chain])}
    (redirect,) = (rule for rule in chains["redirected"] if "redirect" in rule)
    assert frame(text) == frame(PLAIN)
    return opened, int(redirect.split(" dport ")[1].split()[0])


def frame(text):
    return {
        name: [rule for rule in rules if not open_ports([rule]) and "redirect" not in rule]
        for name, rules in read(text).items()
    }


@given(FIREWALL, API, PORTS.filter(lambda port: port != 8887))
def test_what_is_rendered_means_what_was_set(firewall, api, panel_port):
    assert means(render(firewall, api, panel_port)) == (doors(firewall, api, panel_port), panel_port)


@given(FIREWALL_BROKEN, API)
def test_nothing_that_is_set_becomes_another_rule(firewall, api):
    try:
        text = render(firewall, api, 8888)
    except Unrenderable:
        return
    assert means(text) == (doors(firewall, api, 8888), 8888)


@given(FIREWALL, API, PORTS.filter(lambda port: port != 8887))
def test_the_access_point_always_reaches_panel_addresses_and_names(firewall, api, panel_port):
    needed = {Door("ap", "tcp", panel_port), Door("ap", "udp", 67), Door("ap", "udp", 53), Door("ap", "tcp", 53)}
    assert needed <= doors(firewall, api, panel_port)


@given(FIREWALL, API)
def test_no_rule_opens_the_port_of_the_set_up(firewall, api):
    assert not [door for door in doors(firewall, api, 8888) if door.port == 8887]


def test_the_factory_is_as_the_product_page_says():
    api = ApiSection(https_enabled=True)
    opened = doors(FirewallSection(), api, 8888)
    assert {(door.protocol, door.port) for door in opened if door.side == "ap"} == {
        *(("tcp", port) for port in (53, 80, 8888, 8889, 10443)),
        *(("udp", port) for port in (53, 67)),
    }
    assert {(door.protocol, door.port) for door in opened if door.side == "ethernet"} == {
        ("tcp", 8888),
        ("tcp", 8889),
        ("tcp", 10443),
    }
    assert not [door for door in opened if door.side == "mobile"]


def test_a_rule_opens_its_port_and_one_that_is_not_active_closes_it():
    rules = (
        FirewallRule(name="ssh", port=22),
        FirewallRule(name="no panel", port=8888, active=False),
        FirewallRule(name="no api", port=8889, side="ap", active=False),
        FirewallRule(name="api for all", port=8889, side="mobile"),
    )
    before, after = (doors(FirewallSection(firewall=of), ApiSection(), 8888) for of in ((), rules))
    assert before - after == {Door("ethernet", "tcp", 8888), Door("ap", "tcp", 8889)}
    assert after - before == {Door("ethernet", "tcp", 22), Door("mobile", "tcp", 8889)}


@pytest.mark.parametrize("api", [ApiSection(http_enabled=False), ApiSection(http_port=80)])
def test_the_api_opens_only_what_it_serves(api):
    assert Door("ethernet", "tcp", 8889) not in doors(FirewallSection(), api, 8888)


def test_the_rules_that_hold_before_the_settings_are_known_are_the_factorys():
    shipped = Path(__file__).parents[3] / "overlay/usr/share/otpbroker/firewall.nft"
    assert shipped.read_text(encoding="utf-8") == PLAIN
