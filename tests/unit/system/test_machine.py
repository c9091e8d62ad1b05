import pytest

from otpbroker.system.machine import CAPPED, THROTTLED, UNDER_VOLTAGE, Machine, Reading

FILES = {
    "proc/stat": "cpu  100 0 100 700 100 0 0 0 50 0\ncpu0 1 2 3 4\n",
    "proc/loadavg": "0.52 1.02 1.34 1/131 32212\n",
    "proc/uptime": "93784.10 180000.00\n",
    "proc/meminfo": "MemTotal:   949448 kB\nMemFree: 10 kB\nMemAvailable:    474724 kB\nHugePages_Total:       0\n",
    "proc/device-tree/model": "Raspberry Pi 3 Model B Plus Rev 1.3\0",
    "proc/sys/kernel/osrelease": "6.12.34+rpt-rpi-v8\n",
    "sys/class/thermal/thermal_zone0/type": "gpu-thermal\n",
    "sys/class/thermal/thermal_zone0/temp": "99000\n",
    "sys/class/thermal/thermal_zone1/type": "cpu-thermal\n",
    "sys/class/thermal/thermal_zone1/temp": "53692\n",
    "sys/devices/platform/soc/soc:firmware/get_throttled": "50005\n",
    "sys/class/hwmon/hwmon1/name": "rpi_volt\n",
    "sys/class/hwmon/hwmon1/in0_lcrit_alarm": "1\n",
}


def put(root, files):
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


@pytest.fixture
def pi(tmp_path):
    put(tmp_path, FILES)
    return tmp_path


def test_a_raspberry_pi_tells_all(pi):
    machine = Machine(pi, pi)
    reading = machine.read()
    assert (reading.model, reading.kernel) == ("Raspberry Pi 3 Model B Plus Rev 1.3", "6.12.34+rpt-rpi-v8")
    assert (reading.uptime_s, reading.load) == (93784.10, (0.52, 1.02, 1.34))
    assert (reading.memory_mib, reading.memory_used) == (927, pytest.approx(0.5, abs=0.002))
    assert reading.temperature_c == pytest.approx(53.692)
    assert reading.storage_mib > reading.storage_free_mib > 0
    assert 0 < reading.storage_used < 1
    assert (reading.power, reading.power_before) == (UNDER_VOLTAGE | THROTTLED, UNDER_VOLTAGE | THROTTLED)


def test_the_processors_share_is_of_the_time_between_two_readings(pi):
    machine = Machine(pi, pi)
    assert machine.read().cpu is None
    put(pi, {"proc/stat": "cpu  125 0 100 750 125 0 0 0 50 0\n"})  # of 100 ticks 75 idle or waiting
    assert machine.read().cpu == pytest.approx(0.25)
    assert machine.read().cpu is None  # no time has passed


def test_without_the_firmwares_word_the_sensor_tells(pi):
    (pi / "sys/devices/platform/soc/soc:firmware/get_throttled").unlink()
    reading = Machine(pi, pi).read()
    assert (reading.power, reading.power_before) == (UNDER_VOLTAGE, None)
    put(pi, {"sys/class/hwmon/hwmon1/in0_lcrit_alarm": "0\n"})
    assert Machine(pi, pi).read().power == 0


@pytest.mark.parametrize(("text", "now", "before"), [("0x20000", 0, CAPPED), ("0", 0, 0), ("nonsense", 1, None)])
def test_the_firmwares_word(pi, text, now, before):
    put(pi, {"sys/devices/platform/soc/soc:firmware/get_throttled": text})
    reading = Machine(pi, pi).read()
    assert (reading.power, reading.power_before) == (now, before)


def test_a_machine_that_tells_nothing(tmp_path):
    reading = Machine(tmp_path / "gone", tmp_path).read()
    assert reading == Reading(cores=reading.cores)
    assert (reading.memory_used, reading.storage_used) == (None, None)


def test_another_machines_first_thermal_zone(tmp_path):
    put(tmp_path, {"sys/class/thermal/thermal_zone0/type": "acpitz", "sys/class/thermal/thermal_zone0/temp": "40000"})
    assert Machine(tmp_path, tmp_path).read().temperature_c == 40
