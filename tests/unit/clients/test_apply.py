"""How long otpb-apply is waited for."""

import json

import pytest

from otpbroker.clients.apply import DEADLINE_S, deadline_s
from otpbroker.secrets import Secret
from otpbroker.verbs.apply import AddEntry, GetSection
from otpbroker.verbs.backup import ImportOlder

HASH_S = 0.3  # on a device that does other things as well


@pytest.mark.parametrize("people", [0, 100, 1000])
def test_an_import_may_take_as_long_as_its_passwords_need(people):
    users = {f"u{at}": {"username": f"u{at}", "password": f"kata sandi {at}"} for at in range(people)}
    files = [Secret(json.dumps(dict(list(users.items())[half::2]))) for half in (0, 1)]
    assert deadline_s(ImportOlder(files=files, by="budi")) >= DEADLINE_S + people * HASH_S


def test_what_only_reads_is_waited_for_a_moment_and_a_change_for_a_minute():
    assert deadline_s(GetSection(section="general")) < deadline_s(AddEntry(section="admins", key="a", values={})) == 60
