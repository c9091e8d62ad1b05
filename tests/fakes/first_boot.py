"""A device that boots for the first time: a root prefix, and a folder for the partition that any computer reads."""

from msgspec.structs import replace

from otpbroker.config.sections.general import GeneralSection
from otpbroker.config.sections.network import WlanSection
from otpbroker.config.store import Store
from otpbroker.firstboot import access, card, taking
from otpbroker.firstboot.places import places
from otpbroker.services.firstboot.__main__ import Saving


class Fresh:
    def __init__(self, folder, *, radio=True):
        self.boot = folder / "boot"
        self.boot.mkdir(parents=True)
        self.places = replace(places(folder / "root", self.boot), up_s=10)
        self.paths = self.places.paths
        self.store = Store(self.paths)
        self.paths.state.mkdir(parents=True)
        (self.paths.state / "network-taken").touch()
        self.radio = self.paths.root / "sys/class/net/wlan0"
        if radio:
            self.radio.mkdir(parents=True)

    def give(self, text):
        (self.boot / card.NAME).write_bytes(text if isinstance(text, bytes) else text.encode())

    def start(self):
        taking.take_over(self.places, Saving(self.paths))

    def show(self):
        return access.converge(self.places)

    @property
    def wlan(self):
        return self.store.load(WlanSection)

    @property
    def language(self):
        return self.store.load(GeneralSection).language

    @property
    def files(self):
        """What any computer sees of the card, as text by name."""
        return {path.name: path.read_bytes().decode() for path in self.boot.iterdir()}
