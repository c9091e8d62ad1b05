"""Everything that people write arrives as it was written: at the right number, whole, once."""

import collections
import random
import time
from pathlib import Path

import pytest

from fakes import air
from fakes.load import Wish, send_all
from fakes.whole import Whole

MOST_GROWTH_KIB = 5 * 1024
MOST_GROWTH_FDS = 4  # connections that come and go
TRAPS = [
    "OK",
    "ERROR",
    "\r\nOK\r\n",
    "+CMGS: 12",
    "+CMS ERROR: 500",
    "> ",
    "AT+CFUN=1,1\r",
    "Kode \"123456\"; 'DROP' \\ %s {0} $(id) `id`",
    "a\x1ab\x1bc",
    " spasi di awal dan akhir ",
    "0",
    "{[~]}|^€\\",
]
ALPHABETS = [
    "abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ 0123456789 .,;:!?",
    "@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ ¡ÄÖÑÜ§¿äöñüà\n",
    "abc[]{}~^|€\\ 0123456789",
    "验证码是密切勿告诉他人服务",
    "رمز التحقق الخاص بك هو",
    "Код подтверждения: ёъы",
    "OTP 🔐 👩‍👩‍👧 😀 ✅ 123456",
]


def wishes(count, chance):
    """Four in five short, the others of 2 to 10 parts; every alphabet in every length; each number once."""
    for at in range(count):
        number = f"62812{at:08d}"
        if at < len(TRAPS):
            yield Wish(str(at), number, TRAPS[at])
            continue
        alphabet = ALPHABETS[at % len(ALPHABETS)]
        parts = chance.randint(2, 10) if at % 5 == 0 else 1
        yield Wish(str(at), number, _text(alphabet, parts, chance))


def _text(alphabet, parts, chance):
    """A text of that many parts by the rules of TS 23.038, counted here anew."""
    wide = any(character not in GSM_TEXT for character in alphabet)
    single, each = (70, 66) if wide else (160, 152)
    most = single if parts == 1 else each * parts
    least = 1 if parts == 1 else (single if parts == 2 else each * (parts - 1) + parts) + 1
    wanted, used, characters = chance.randint(least, most), 0, []
    while True:
        character = chance.choice(alphabet)
        used += len(character.encode("utf-16-be")) // 2 if wide else 1 + (character in "[]{}~^|€\\")
        if used > wanted:
            return "".join(characters) or "x"
        characters.append(character)


GSM_TEXT = set("".join(ALPHABETS[:3]))


def weights(whole):
    """KiB (PSS) and open descriptors of the two services that every message passes."""
    found = {}
    for service in ("dispatch", "api"):
        process = Path("/proc") / str(whole.pids()[service])
        lines = dict(line.split(":", 1) for line in (process / "smaps_rollup").read_text().splitlines()[1:])
        found[service] = int(lines["Pss"].split()[0]), len(list((process / "fd").iterdir()))
    return found


def run(tmp_path, count, modems, senders):
    sent = list(wishes(count, random.Random(20260)))
    with Whole(tmp_path, "--simulate", modems) as whole:
        for index in range(modems):
            assert whole.otpb("modem", "set", f"sim{index}", "default_modem=true").returncode == 0
        began = time.monotonic()
        told = send_all(whole.port, sent[: count // 2], senders)
        settled = weights(whole)
        told += send_all(whole.port, sent[count // 2 :], senders)
        took_s = time.monotonic() - began
        grown = {
            name: [after - before for before, after in zip(settled[name], now, strict=True)]
            for name, now in weights(whole).items()
        }
        with whole.simulator() as simulator:
            records = simulator.submitted()
        assert collections.Counter(each.code for each in told) == {"0000": count}
        received, in_pieces = air.heard(records)
        assert not in_pieces
        assert collections.Counter((each.number, each.text) for each in received) == {
            (wish.number, wish.text): 1 for wish in sent
        }
        parts = collections.Counter(each.data["parts"] for each in told)
        assert sorted(parts) == list(range(1, 11))
        assert sum(number * times for number, times in parts.items()) == len(records)
        shares = collections.Counter(record.modem for record in records)
        assert len(shares) == modems
        speed = f"{len(records)} SMS in {took_s:.1f} s: {len(records) / took_s:.0f} SMS/s"
        print(f"{count} messages, {speed}; {settled}, grown by {grown}")  # noqa: T201
        assert all(kib < MOST_GROWTH_KIB and fds <= MOST_GROWTH_FDS for kib, fds in grown.values()), grown
        assert whole.stop() == 0
        assert "WARNING" not in whole.said()


def test_mixed_messages_arrive_as_they_were_sent(tmp_path):
    run(tmp_path, 1_500, 8, 16)


@pytest.mark.soak
@pytest.mark.timeout(240)
def test_twenty_thousand_mixed_messages_arrive_as_they_were_sent(tmp_path):
    run(tmp_path, 20_000, 16, 32)
