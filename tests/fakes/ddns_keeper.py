"""The keeper of DDNS records in this process: real vendors' servers, an address that a test sets."""

import os
import threading

from fakes.waiting import waits_for
from otpbroker.config.sections.ddns import DdnsRecord, DdnsSection, PublicAddressSection
from otpbroker.ddns import driving
from otpbroker.ddns.keeper import Keeper
from otpbroker.ddns.memory import Memory
from otpbroker.ddns.vendors import VENDORS
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.system.files import Paths


class Outside:
    """This device's public `address`, as whoever is asked sees it, None where nobody answers; and word of changes."""

    def __init__(self, address="198.51.100.7"):
        self.address = address
        self.looks = 0
        self._fd = os.eventfd(0, os.EFD_NONBLOCK)

    def look(self, _settings, _kind):
        self.looks += 1
        if self.address is None:
            raise BrokerError(ResponseCode.FAILED, "ddns.no_source")
        return self.address

    def moves(self, address):
        """Another address, with the kernel's word of it."""
        self.address = address
        os.eventfd_write(self._fd, 1)

    def fileno(self):
        return self._fd

    def take(self):
        os.eventfd_read(self._fd)
        return True

    def close(self):
        os.close(self._fd)


def a_record(name="a", provider="noip", record_name="otp.ddns.net", **values):
    return DdnsRecord(name=name, provider=provider, record_name=record_name, **values)


class KeeperHere:
    """`accounts` by vendor; those that are not given are as the factory has them."""

    def __init__(self, root, caller, outside, **accounts):
        self.outside = outside
        self.accounts = {name: vendor.kind() for name, vendor in VENDORS.items()} | accounts
        self.public = PublicAddressSection()
        self.records = ()
        self.keeper = Keeper(Memory(Paths(root)), driving.asking(caller), outside.look, outside, settle_s=0.05)
        self.keeper.start()

    def configure(self, *records, **accounts):
        self.accounts |= accounts
        self.records = records
        self.keeper.configure(DdnsSection(ddns=records), self.accounts, self.public)

    def state(self, name="a"):
        (found,) = (each for each in self.keeper.state().records if each.name == name)
        return found

    def until(self, word, name="a"):
        waits_for(lambda: self.state(name).state == word)
        return self.state(name)

    def update_now(self, name="a"):
        told, came = [], threading.Event()
        self.keeper.update_now(name, lambda updated: (told.append(updated), came.set()))
        assert came.wait(10)
        return told[0].done, told[0].key

    def stop(self):
        self.keeper.stop()
