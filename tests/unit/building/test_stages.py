"""pi-gen's configurations and stages, as far as they can be tried without building an image."""

import os
import subprocess
from pathlib import Path

import pytest

TREE = Path(__file__).parents[3]
IMAGE = TREE / "image"
STEPS = sorted(step for stage in (*IMAGE.glob("stage-*"), IMAGE / "export") for step in stage.rglob("*run*.sh"))
FSTAB = """proc            /proc           proc    defaults          0       0
BOOTDEV  /boot/firmware  vfat    defaults          0       2
ROOTDEV  /               ext4    defaults,noatime  0       1
"""


def configured(name, *variables, tmp_path):
    """What pi-gen's build.sh would have of these variables after it has read the configuration."""
    shown = " ".join(f'"${{{variable}}}"' for variable in variables)
    environment = {"PATH": os.environ["PATH"], "OTPB_NAME": "n", "OTPB_WORK": str(tmp_path), "OTPB_IMAGE": str(IMAGE)}
    script = f"set -eu; BASE_DIR={tmp_path}; source {TREE}/pi-gen-config/{name}; printf '%s\\n' {shown}"
    done = subprocess.run(["/bin/bash", "-c", script], check=True, capture_output=True, text=True, env=environment)
    return done.stdout.splitlines()


@pytest.mark.parametrize("name", ["debian", "raspios"])
def test_nobody_is_let_in_by_a_configuration(name, tmp_path):
    wanted = ("DISABLE_FIRST_BOOT_USER_RENAME", "ENABLE_SSH", "ENABLE_CLOUD_INIT", "FIRST_USER_PASS")
    first, second = (configured(name, *wanted, tmp_path=tmp_path) for _ in range(2))
    assert first[:3] == ["1", "0", "0"]
    assert len(first[3]) == 32
    assert first[3] != second[3]


@pytest.mark.parametrize(("name", "theirs"), [("debian", 0), ("raspios", 3)])
def test_the_product_is_the_last_stage_and_the_only_image(name, theirs, tmp_path):
    stages, export = configured(name, "STAGE_LIST", "EXPORT_CONFIG_DIR", tmp_path=tmp_path)
    names = stages.split()
    assert [stage for stage in names[:theirs] if not stage.startswith(str(tmp_path))] == []
    assert all(Path(stage, "prerun.sh").is_file() for stage in [*names[theirs:], export])
    assert names[-1].endswith("/stage-otp-broker")
    assert [stage for stage in names[theirs:] if Path(stage, "EXPORT_IMAGE").exists()] == names[-1:]


@pytest.mark.parametrize("step", STEPS, ids=[str(step.relative_to(IMAGE)) for step in STEPS])
def test_pi_gen_runs_each_step(step):
    # It runs NN-run.sh only where it is executable, says so in its log and goes on.
    assert step.name.endswith("-chroot.sh") or os.access(step, os.X_OK)


def test_raspberry_pi_os_is_made_a_device(tmp_path):
    firmware = tmp_path / "boot/firmware"
    firmware.mkdir(parents=True)
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/fstab").write_text(FSTAB)
    (firmware / "config.txt").write_text("arm_64bit=1\n[pi5]\ndtoverlay=nospi10\n")
    (firmware / "cmdline.txt").write_text("console=tty1 root=ROOTDEV rootfstype=ext4 fsck.repair=yes rootwait resize\n")
    environment = {**os.environ, "ROOTFS_DIR": str(tmp_path), "WPA_COUNTRY": "ID"}
    subprocess.run([IMAGE / "stage-raspios/00-system/00-run.sh"], check=True, env=environment)
    line, *rest = (firmware / "cmdline.txt").read_text().splitlines()
    assert rest == []
    assert {"root=ROOTDEV", "resize", "cfg80211.ieee80211_regdom=ID"} <= set(line.split(" "))
    # What follows [pi5] would be the Pi 5's alone.
    ours = (firmware / "config.txt").read_text().partition("[all]")[2].splitlines()
    assert {"dtparam=watchdog=on", "dtoverlay=i2c-rtc,ds3231"} <= set(ours)
    options = {
        entry.split()[1]: entry.split()[3].split(",") for entry in (tmp_path / "etc/fstab").read_text().splitlines()
    }
    assert "x-systemd.growfs" in options["/"]
    assert {"nofail", "umask=0077", "x-systemd.before=local-fs.target"} <= set(options["/boot/firmware"])


@pytest.mark.parametrize(
    "arguments", [["--config", "raspios", "--arch", "amd64"], ["--config", "ubuntu"], ["--frobnicate"], ["--out"]]
)
def test_what_cannot_be_built_is_refused_at_once(arguments):
    done = subprocess.run([TREE / "scripts/build-image", *arguments], check=False, capture_output=True, timeout=20)
    assert done.returncode == 2


def test_a_container_does_the_same_as_root(tmp_path):
    docker = tmp_path / "docker"
    docker.write_text("#!/bin/sh\nprintf '%s\\n' \"$@\"\n")
    docker.chmod(0o755)
    environment = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", "OTPB_DOCKER_IMAGE": "some:image"}
    asked = ["--out", str(tmp_path / "out"), "--docker", "--config", "raspios"]
    done = subprocess.run(
        [TREE / "scripts/build-image", *asked], check=True, capture_output=True, text=True, timeout=20, env=environment
    )
    argv = done.stdout.splitlines()
    assert f"{tmp_path}/out:/out" in argv
    assert "--privileged" in argv
    assert argv[-3:] == ["sh", "--config", "raspios"]
    assert [word for word in argv if "--docker" in word] == []
