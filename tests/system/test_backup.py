"""A backup of a running system, restored into it after much has changed: it lives by it at once."""

import json
import stat

from fakes.whole import Whole
from running import USER

PASSPHRASE = "kuda laut biru 7\n"
BLOCKED, LATER = "6281234567890", "6281234567891"


def test_a_running_system_lives_by_what_was_restored(tmp_path):
    file = tmp_path / "backup.json"
    with Whole(tmp_path, "--simulate", 2) as whole:
        whole.told("block", BLOCKED)
        made = whole.otpb("backup", str(file), stdin=PASSPHRASE)
        assert made.returncode == 0, made.stderr
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert not {BLOCKED, USER} & set(file.read_text().replace('"', " ").split())

        whole.told("unblock", BLOCKED)
        whole.told("block", LATER)
        assert whole.otpb("api-user", "remove", USER).returncode == 0
        assert whole.otpb("settings", "set", "sms", "routing=tariff").returncode == 0
        assert whole.sms("081234500001", "Halo").status == 401

        done = json.loads(whole.otpb("restore", str(file), "--json", stdin=PASSPHRASE).stdout)
        assert done["changed"]
        assert {word["state"] for word in done["services"]} == {"reloaded"}
        assert whole.sms("081234500001", "Halo").code == "0000"
        assert whole.sms(BLOCKED, "Halo").code == "1103"
        assert whole.told("blocked")["block_list"] == [{"msisdn": BLOCKED, "blocked": True}]
        assert whole.told("settings", "get", "sms")["routing"] == "prefix"
