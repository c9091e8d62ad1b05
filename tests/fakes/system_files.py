"""Files of system programs, read as those programs read them: what our renderers write means what it says."""

import re


def hostapd(text):
    """hostapd.conf: a line is a comment or `name=value`, the value going to the end of the line."""
    values = {}
    for line in text.split("\n"):
        if line and not line.startswith("#"):
            name, equals, value = line.partition("=")
            assert equals, line
            assert name not in values, line
            values[name] = value
    return values


def dnsmasq(text):
    """dnsmasq.conf: pairs in order. Quotes, escapes and comments, which change a line's meaning, are not among ours."""
    pairs = []
    for line in text.split("\n"):
        if line:
            assert not set(line) & set('"\\ \t\r\0'), line
            assert "#" not in line.replace("=/#/", "=//"), line
            name, _, value = line.partition("=")
            pairs.append((name, value))
    return pairs


def keyfile(text):
    """The groups of a systemd unit's or a GLib key file's grammar; no group and no key twice."""
    groups = {}
    for line in text.split("\n"):
        if not line or line[0] in "#;":
            continue
        assert not line.endswith("\\"), line
        if heading := re.fullmatch(r"\[([A-Za-z0-9]+)\]", line):
            assert heading[1] not in groups, line
            groups[heading[1]] = group = {}
        else:
            name, equals, value = line.partition("=")
            assert equals, line
            assert name not in group, line
            group[name] = value
    return groups


def ip_batch(text):
    """Each line's words; ip(8) takes quotes, escapes and comments too, which are not among ours."""
    assert not set(text) & set("\"'\\#\0\r\t")
    return [line.split(" ") for line in text.splitlines()]


def nft(text):
    """The rules of each chain of the table, without the chain's own declaration."""
    chains = {}
    for line in text.split("\n"):
        words = line.strip()
        if found := re.fullmatch(r"chain ([a-z]+) \{", words):
            chains[found[1]] = chain = []
        elif line.startswith("    "):
            assert re.fullmatch(r'[a-z0-9"*:/.,{}; _\-]+', words), line
            chain.append(words)
        else:
            assert words in ("", "}", "table inet otpb {", "table inet otpb", "delete table inet otpb"), line
    return chains


def open_ports(rules):
    """{(protocol, port)} that a chain's rules accept by port alone."""
    found = (re.fullmatch(r"(tcp|udp) dport \{ ([0-9, ]+) \} accept", rule) for rule in rules)
    return {(match[1], int(port)) for match in found if match for port in match[2].split(", ")}


def wvdial(text):
    """The sections of wvdial.conf: a backslash takes the next character as it is; no bare brace or quote is ours."""
    sections = {}
    for line in text.split("\n"):
        if not line:
            continue
        if heading := re.fullmatch(r"\[Dialer ([a-z0-9_-]+)\]", line):
            assert heading[1] not in sections, line
            sections[heading[1]] = section = {}
            continue
        name, equals, value = line.partition(" = ")
        assert equals, line
        assert name not in section, line
        assert not re.search(r'(?<!\\)(?:\\\\)*[{}"]', value), line
        assert not value.startswith(" "), line
        section[name] = re.sub(r"\\(.)", r"\1", value)
    return sections


def chat(text):
    """The words of a chat script, read as chat(8) does, without quotes but those of its own words."""
    words = []
    for word in re.findall(r"'[^'\\]*'|\S+", text):
        plain = word[1:-1] if word.startswith("'") else word
        assert "^" not in plain, word
        words.append(re.sub(r"\\([0-7]{3})", lambda code: chr(int(code[1], 8)), plain))
    return words


def pppd(text):
    """The options of a file of pppd, each with its values; quotes and backslashes as its getword() reads them."""
    options = {}
    for line in text.split("\n"):
        if line:
            words = re.findall(r'"((?:[^"\\]|\\.)*)"|(\S+)', line)
            (name, *values) = [bare or re.sub(r"\\(.)", r"\1", quoted) for quoted, bare in words]
            assert name not in options, line
            options[name] = values
    return options
