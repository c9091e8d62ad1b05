"""What nft lists is read; that the kernel lists what we render is for tests/service/network to see."""

import json

import pytest

from otpbroker.network.ruleset import Ruleset, compared, others, read
from otpbroker.verbs.network import OpenPort

SSH, PANEL, DNS = (
    OpenPort(side="ethernet", protocol="tcp", port=22),
    *(OpenPort(side="ap", protocol=protocol, port=port) for protocol, port in (("tcp", 8888), ("udp", 53))),
)


def listed(*rules, policy="drop"):
    chain = {"family": "inet", "table": "otpb", "name": "inbound", "hook": "input", "type": "filter", "policy": policy}
    jumps = [rule("inbound", {"jump": {"target": name}}) for name in ("ap", "ethernet", "mobile")]
    things = [{"metainfo": {"json_schema_version": 1}}, {"chain": chain}, *jumps, *rules]
    return json.dumps({"nftables": things})


def rule(chain, *expr):
    return {"rule": {"family": "inet", "table": "otpb", "chain": chain, "expr": list(expr)}}


def accepts(chain, protocol, right):
    match = {"op": "==", "left": {"payload": {"protocol": protocol, "field": "dport"}}, "right": right}
    return rule(chain, {"match": match}, {"accept": None})


def test_ports_of_each_side_are_read():
    text = listed(
        accepts("ap", "tcp", 8888), accepts("ap", "udp", {"set": [53]}), accepts("wired", "tcp", {"set": [22]})
    )
    assert read(text) == Ruleset(frozenset({SSH, PANEL, DNS}), closed=True)


def test_neighbouring_ports_may_come_as_a_range():
    found = read(listed(accepts("mobile", "tcp", {"set": [{"range": [8888, 8890]}, 22]}))).opened
    assert {one.port for one in found} == {22, 8888, 8889, 8890}


def test_what_depends_on_more_than_the_port_is_no_open_port():
    match = {"op": "==", "left": {"payload": {"protocol": "tcp", "field": "dport"}}, "right": 22}
    state = {"op": "in", "left": {"ct": {"key": "status"}}, "right": "dnat"}
    text = listed(
        rule("ap", {"match": match}, {"match": state}, {"accept": None}),
        rule("ap", {"match": match}, {"drop": None}),
        rule("ap", {"match": match | {"op": "!="}}, {"accept": None}),
        rule("forward", {"match": match}, {"accept": None}),
    )
    assert read(text).opened == frozenset()


@pytest.mark.parametrize(
    "text",
    [
        listed(policy="accept"),
        listed().replace('"hook": "input", ', ""),
        listed().replace('"target": "mobile"', '"target": "ap"'),
        '{"nftables": []}',
    ],
)
def test_a_filter_that_lets_everybody_in_is_known(text):
    assert not read(text).closed
    assert compared(read(text), [], []).state == "open"


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"nftables": 3}', "nft: no", '{"other": []}'])
def test_what_is_no_list_is_refused(text):
    with pytest.raises(ValueError, match="no list"):
        read(text)


def test_differences_are_named_both_ways():
    found = compared(read(listed(accepts("wired", "tcp", 22), accepts("ap", "tcp", 8888))), [PANEL, DNS], ["ip filter"])
    assert (found.state, found.opened, found.missing, found.surplus) == ("loaded", [PANEL, SSH], [DNS], [SSH])
    assert found.others == ["ip filter"]
    gone = compared(None, [DNS, PANEL], [])
    assert (gone.state, gone.opened, gone.missing) == ("absent", [], [])


def test_filters_of_others_are_named_once():
    def chain(table, hook, kind="filter"):
        return {"chain": {"family": "ip", "table": table, "name": "x", "hook": hook, "type": kind}}

    things = [
        chain("ufw", "input"),
        chain("ufw", "prerouting"),
        chain("nat", "prerouting", "nat"),
        chain("out", "output"),
    ]
    ours = {"chain": {"family": "inet", "table": "otpb", "name": "inbound", "hook": "input", "type": "filter"}}
    assert others(json.dumps({"nftables": [*things, ours]})) == ["ip ufw"]
