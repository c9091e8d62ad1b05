"""Our modem simulator on this machine, each modem behind a USB serial adapter of the device."""

from pathlib import Path
from typing import Self

from emulated.device import Device
from otpbroker.simulator.client import SimulatorControl
from otpbroker.simulator.fleet import SimulatedModems


class Modems:
    """`count` modems, none of them plugged in yet. What the simulator unplugs or replugs goes and comes on the bus."""

    def __init__(self, device: Device, count: int, folder: Path) -> None:
        self._device = device
        self._simulator = SimulatedModems(count, folder, sockets=True)
        self._links = folder

    def __enter__(self) -> Self:
        self._simulator.start()
        self.control = SimulatorControl(self._links / "control.sock")
        return self

    def __exit__(self, *_exception: object) -> None:
        self.control.close()
        self._simulator.stop()

    def plug_network(self, modem: int) -> None:
        """The far end of that modem's data calls, as a serial port where a PPP peer may listen."""
        self._device.plug_serial(f"network{modem}", f"abstract:{self._links}/network{modem}")

    def plug(self, modem: int) -> None:
        self._device.plug_serial(f"modem{modem}", f"abstract:{self._links}/modem{modem}")
