from pathlib import Path

import pytest

from otpbroker.apply.surroundings import PROGRAMS
from otpbroker.apply.takeover import MASKED, TREE, Takeover
from otpbroker.errors import BrokerError
from otpbroker.system.command import Outcome
from otpbroker.system.files import Paths

OVERLAY = Path(__file__).parents[3] / "overlay"


class Machine:
    """A root folder with what take-over looks for; `asked` are the programs that it ran."""

    def __init__(self, root):
        self.root = root
        self.asked = []
        self.running = set()
        for program in PROGRAMS:
            self.put(program)
        for file in (OVERLAY / TREE).rglob("*"):
            if file.is_file() or file.is_symlink():
                self.put(TREE / file.relative_to(OVERLAY / TREE))

    def put(self, path, text=""):
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text)

    def enable(self, unit, target="multi-user.target"):
        folder = self.root / f"etc/systemd/system/{target}.wants"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / unit).symlink_to(f"/usr/lib/systemd/system/{unit}")

    def run(self, argv):
        self.asked.append(list(argv))
        return Outcome(0 if "is-active" not in argv or argv[-1] in self.running else 3, "", "")

    def etc(self):
        """Everything below etc, and where it leads if it is a link."""
        found = sorted((self.root / "etc").rglob("*"))
        return {str(path.relative_to(self.root)): str(path.readlink()) if path.is_symlink() else "" for path in found}

    def takeover(self, *, live=False):
        return Takeover(Paths(self.root), live=live, run=self.run)


@pytest.fixture
def machine(tmp_path):
    made = Machine(tmp_path)
    made.enable("NetworkManager.service")
    return made


def refusal(takeover):
    with pytest.raises(BrokerError) as caught:
        list(takeover.take())
    return caught.value


def test_giving_back_leaves_what_was_before(machine):
    machine.put("etc/systemd/journald.conf", "[Journal]\n")
    before = machine.etc()
    list(machine.takeover().take())
    assert machine.etc() != before
    list(machine.takeover().give_back())
    assert machine.etc() == before
    assert not (machine.root / "var/lib/otpbroker/network-taken").exists()


def test_a_folder_that_others_use_by_then_stays(machine):
    list(machine.takeover().take())
    machine.put("etc/systemd/journald.conf.d/50-theirs.conf")
    list(machine.takeover().give_back())
    assert (machine.root / "etc/systemd/journald.conf.d/50-theirs.conf").exists()
    assert not (machine.root / "etc/systemd/networkd.conf.d").exists()


def test_services_that_would_meddle_are_masked_and_our_files_are_linked(machine):
    list(machine.takeover().take())
    etc = machine.etc()
    assert {unit for unit in MASKED if etc.get(f"etc/systemd/system/{unit}") == "/dev/null"} == set(MASKED)
    linked = {path: target for path, target in etc.items() if target.startswith("/usr/share/otpbroker/taken-over/etc")}
    assert linked["etc/sysctl.d/90-otpbroker.conf"] == "/usr/share/otpbroker/taken-over/etc/sysctl.d/90-otpbroker.conf"
    assert len(linked) == len([path for path in (OVERLAY / TREE).rglob("*") if not path.is_dir()])


def test_a_mask_of_somebody_else_stays(machine):
    machine.root.joinpath("etc/systemd/system").mkdir(parents=True, exist_ok=True)
    machine.root.joinpath("etc/systemd/system/hostapd.service").symlink_to("/dev/null")
    before = machine.etc()
    for _ in range(2):
        list(machine.takeover().take())
    list(machine.takeover().give_back())
    assert machine.etc() == before


def test_taking_twice_is_taking_once(machine):
    list(machine.takeover().take())
    once = machine.etc()
    record = (machine.root / "var/lib/otpbroker/network-taken").read_bytes()
    list(machine.takeover().take())
    assert machine.etc() == once
    assert (machine.root / "var/lib/otpbroker/network-taken").read_bytes() == record


def test_what_was_half_done_is_finished_or_taken_back(machine):
    before = machine.etc()
    taking = machine.takeover().take()
    for _ in range(4):
        next(taking)
    taking.close()
    list(machine.takeover().take())
    list(machine.takeover().give_back())
    assert machine.etc() == before


def test_in_an_image_that_is_built_no_running_system_is_asked(machine):
    list(machine.takeover().take())
    list(machine.takeover().give_back())
    assert machine.asked == []


def test_where_no_manager_is_enabled_networkd_is(tmp_path):
    machine = Machine(tmp_path)
    list(machine.takeover().take())
    list(machine.takeover().give_back())
    assert machine.asked == [
        ["systemctl", f"--root={tmp_path}", "enable", "systemd-networkd.service"],
        ["systemctl", f"--root={tmp_path}", "disable", "systemd-networkd.service"],
    ]


@pytest.mark.parametrize("unit", ["nginx.service", "systemd-rfkill.socket"])
def test_what_ran_is_stopped_and_runs_again_afterwards(machine, unit):
    machine.running = {unit}
    list(machine.takeover(live=True).take())
    assert ["systemctl", "stop", unit] in machine.asked
    machine.asked.clear()
    list(machine.takeover(live=True).give_back())
    assert ["systemctl", "start", unit] in machine.asked
    assert ["nft", "delete", "table", "inet", "otpb"] in machine.asked
    assert ["systemctl", "start", "otpb-access.service"] in machine.asked


def test_files_are_made_before_the_filter_and_the_filter_before_the_access_point(machine):
    list(machine.takeover(live=True).take())
    steps = [" ".join(argv) for argv in machine.asked]
    order = [
        steps.index(f"systemctl {step}")
        for step in ("restart otpb-recover.service", "start otpb-firewall.service", "start otpb-hostapd.service")
    ]
    assert order == sorted(order)


def test_no_modem_is_connected_without_the_filter(machine):
    list(machine.takeover(live=True).take())
    machine.asked.clear()
    list(machine.takeover(live=True).give_back())
    given = [" ".join(argv) for argv in machine.asked]
    assert given.index("systemctl stop otpb-dial.service") < given.index("nft delete table inet otpb")


def test_the_edge_takes_port_80_and_gives_it_back_before_who_had_it_starts(machine):
    machine.running = {"nginx.service"}
    list(machine.takeover(live=True).take())
    taken = [" ".join(argv) for argv in machine.asked]
    machine.asked.clear()
    list(machine.takeover(live=True).give_back())
    given = [" ".join(argv) for argv in machine.asked]
    edge = "systemctl try-reload-or-restart otpb-edge.service"
    assert taken.index("systemctl stop nginx.service") < taken.index(edge)
    assert taken.index("systemctl restart otpb-recover.service") < taken.index(edge)
    assert given.index("systemctl try-restart otpb-recover.service") < given.index(edge)
    assert given.index(edge) < given.index("systemctl start nginx.service")


def test_who_works_by_ssh_is_told_that_it_closes(machine):
    machine.running = {"ssh.service"}
    assert "setup.ssh_closed" in [step.key for step in machine.takeover(live=True).take()]


@pytest.mark.parametrize(
    ("spoil", "key"),
    [
        (lambda machine: (machine.root / "usr/sbin/hostapd").unlink(), "setup.missing"),
        (lambda machine: machine.put("etc/network/interfaces", "auto eth0\niface eth0 inet dhcp\n"), "setup.ifupdown"),
        (lambda machine: machine.put("etc/network/interfaces.d/w", "iface wlan0 inet dhcp\n"), "setup.ifupdown"),
        (lambda machine: machine.enable("dhcpcd.service"), "setup.other_manager"),
        (lambda machine: machine.enable("systemd-networkd.service"), "setup.two_managers"),
        (lambda machine: machine.put("etc/sysctl.d/90-otpbroker.conf", "x=1"), "setup.in_the_way"),
        (lambda machine: machine.put("etc/systemd/system/nginx.service", "[Unit]"), "setup.in_the_way"),
    ],
)
def test_a_refusal_says_why_and_changes_nothing(machine, spoil, key):
    spoil(machine)
    before = machine.etc()
    assert refusal(machine.takeover()).key == key
    assert machine.etc() == before
    assert not (machine.root / "var/lib/otpbroker/network-taken").exists()


def test_loopback_in_interfaces_is_no_obstacle(machine):
    machine.put("etc/network/interfaces", "auto lo\niface lo inet loopback\nsource /etc/network/interfaces.d/*\n")
    assert list(machine.takeover().take())


def test_an_update_that_brings_nothing_new_disturbs_nobody(machine):
    list(machine.takeover(live=True).take())
    machine.asked.clear()
    list(machine.takeover(live=True).take())
    assert {tuple(argv[:3]) for argv in machine.asked} <= {("systemctl", "--quiet", "is-active")}
