"""A serial port: opened and configured by pyserial, afterwards used by its descriptor alone.

Real ttys and ptys (or links to ptys) are the same here. Every octet that leaves passes one guard.
"""

import contextlib
import errno
import fcntl
import os
import re
import select
import termios
import time
from pathlib import Path
from typing import Self

import serial
from msgspec import Struct

_ALLOWED = re.compile(rb"AT[\x20-\x7e]*\r|[0-9A-F]+\x1a|\x1b")
_CHUNK = 4096
_STALL_S = 5.0
_MISSING = frozenset({errno.ENOENT, errno.ENXIO, errno.ENODEV, errno.EIO})
_BUSY = frozenset({errno.EBUSY, errno.EAGAIN})
_PTY_FOLDER = "/dev/pts/"
_LOCKS = Path("/run/lock")


class LineSettings(Struct, frozen=True, kw_only=True):
    """What a UART needs: baud, parity `N E O M S`, stop bits; always 8 data bits and one start bit."""

    baud_rate: int = 115200
    parity: str = "N"
    stop_bits: int = 1


class PortGone(Exception):
    """The device went away (unplugged, or the other side of a pty closed)."""


class PortStalled(Exception):
    """The device took no octets within the deadline; the rest was never written."""


class PortUnavailable(Exception):
    """It cannot be opened. `key` is a text key: missing, busy, denied, not a serial port."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


class Port:
    """One open port, ours alone (flock, and TIOCEXCL on real ttys)."""

    def __init__(self, device: serial.Serial) -> None:
        self._device = device
        self.fd: int = device.fileno()
        self._poll = select.poll()
        self._poll.register(self.fd, select.POLLIN)

    @classmethod
    def open(cls, path: str, line: LineSettings) -> Self:
        """Raises `PortUnavailable`; never blocks on a modem's control lines."""
        if _locked(path):
            raise PortUnavailable("modem.port_busy")
        try:
            device = _open(path, line)
        except (OSError, termios.error, ValueError) as error:
            raise PortUnavailable(_reason(error)) from None
        try:
            _take(device.fileno(), path)
        except (OSError, termios.error) as error:
            device.close()
            raise PortUnavailable(_reason(error)) from None
        return cls(device)

    def read(self, timeout_s: float) -> bytes:
        """The next octets, b"" when none come in time. Raises `PortGone`."""
        try:
            if not self._poll.poll(timeout_s * 1000):
                return b""
            chunk = os.read(self.fd, _CHUNK)
        except BlockingIOError:
            return b""
        except OSError as error:
            raise PortGone(errno.errorcode.get(error.errno or 0, "")) from None
        if not chunk:
            raise PortGone("hang-up")
        return chunk

    def write(self, octets: bytes, deadline_s: float = _STALL_S) -> None:
        """An AT command, a PDU with its 0x1A, or ESC: anything else is a fault of ours and reaches no device.

        Raises `PortGone` (nothing, or only a part without its last octet, was written) and `PortStalled`.
        """
        if _ALLOWED.fullmatch(octets) is None:
            raise ValueError("neither an AT command, a PDU nor ESC")
        try:
            written = os.write(self.fd, octets)
        except BlockingIOError:
            written = 0
        except OSError as error:
            raise PortGone(errno.errorcode.get(error.errno or 0, "")) from None
        if written < len(octets):
            self._write_rest(memoryview(octets)[written:], time.monotonic() + deadline_s)

    def _write_rest(self, rest: memoryview, deadline: float) -> None:
        writable = select.poll()
        writable.register(self.fd, select.POLLOUT)
        while rest:
            try:
                if not writable.poll(max(0.0, deadline - time.monotonic()) * 1000):
                    self._forget_output()
                    raise PortStalled
                rest = rest[os.write(self.fd, rest) :]
            except BlockingIOError:
                continue
            except OSError as error:
                raise PortGone(errno.errorcode.get(error.errno or 0, "")) from None

    def _forget_output(self) -> None:
        with contextlib.suppress(OSError, termios.error):
            termios.tcflush(self.fd, termios.TCOFLUSH)

    def close(self) -> None:
        with contextlib.suppress(OSError, termios.error):
            fcntl.ioctl(self.fd, termios.TIOCNXCL)
        with contextlib.suppress(OSError, termios.error):
            self._device.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _locked(path: str) -> bool:
    """Whether a program that lives has the port's lock file, as pppd and terminal programs do (FHS 3.0 §5.9)."""
    file = _LOCKS / f"LCK..{Path(path).resolve().name}"
    try:
        pid = int(file.read_text())
        os.kill(pid, 0)
    except PermissionError:
        return True
    except (OSError, ValueError, OverflowError):
        return False
    return pid > 0


def _open(path: str, line: LineSettings) -> serial.Serial:
    try:
        return _configured(path, line, line.parity)
    except termios.error:
        # A pty has no parity: the C library reports that as EINVAL though the rest was set.
        return _configured(path, line, serial.PARITY_NONE)


def _configured(path: str, line: LineSettings, parity: str) -> serial.Serial:
    return serial.Serial(
        path, line.baud_rate, parity=parity, stopbits=line.stop_bits, timeout=0, write_timeout=0, exclusive=True
    )


def _take(fd: int, path: str) -> None:
    if not os.path.realpath(path).startswith(_PTY_FOLDER):
        # Not on a pty: the mark outlives us while the other side keeps the slave open, and nobody could open it again.
        fcntl.ioctl(fd, termios.TIOCEXCL)
    attributes = termios.tcgetattr(fd)
    attributes[6][termios.VMIN] = 1  # so that an empty read means hang-up and nothing else
    termios.tcsetattr(fd, termios.TCSANOW, attributes)


def _reason(error: Exception) -> str:
    number = getattr(error, "errno", None) or (error.args[0] if error.args else None)
    if number in _MISSING:
        return "modem.port_missing"
    if number in _BUSY:
        return "modem.port_busy"
    if number in (errno.EACCES, errno.EPERM):
        return "modem.port_denied"
    return "modem.port_not_serial"
