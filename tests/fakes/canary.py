"""A search for texts where they must not be, in every coding they could have taken."""

import base64
import os
import secrets
import string
import tempfile
from pathlib import Path

LENGTH = 14
_BIGGEST = 64 * 1024 * 1024


def token():
    """Letters and digits that stand for themselves in every alphabet, and nowhere else."""
    return "".join(secrets.choice(string.ascii_uppercase + string.digits) for _ in range(LENGTH))


def codings(text):
    """Name -> octets to look for."""
    plain, wide = text.encode(), text.encode("utf-16-be")
    found = {
        "utf-8": plain,
        "utf-16-le": text.encode("utf-16-le"),
        "utf-16-be": wide,
        "quoted-printable": b"".join(b"=%02X" % octet for octet in plain),
        "url": b"".join(b"%%%02X" % octet for octet in plain),
    }
    for at in range(8):
        found[f"packed {at}"] = packed(text, at)
    found |= {f"{name} hex": octets.hex().upper().encode() for name, octets in list(found.items())[:3]}
    found |= {f"packed {at} hex": found[f"packed {at}"].hex().upper().encode() for at in range(8)}
    found |= {f"{name} lower": octets.lower() for name, octets in found.items() if name.endswith(("hex", "url"))}
    for at in range(3):
        found[f"base64 {at}"] = in_base64(plain, at)
        found[f"base64 {at} of utf-16"] = in_base64(wide, at)
    return found


def packed(text, bits):
    """The whole octets of GSM 7-bit packing that begins `bits` into an octet (3GPP TS 23.038 §6.1.2.1)."""
    value = sum(ord(character) << 7 * at for at, character in enumerate(text)) << bits
    last = (bits + 7 * len(text)) // 8
    return value.to_bytes(last + 1, "little")[1 if bits else 0 : last]


def in_base64(octets, skipped):
    """What is the same whatever stands around it."""
    coded = base64.b64encode(b"\0" * skipped + octets)
    return coded[-(-8 * skipped // 6) : 8 * (skipped + len(octets)) // 6]


class Search:
    """For `tokens` (name -> token); each hit is (name, coding, place)."""

    def __init__(self, tokens):
        self._wanted = [(name, way, octets) for name, each in tokens.items() for way, octets in codings(each).items()]

    def octets(self, octets, place):
        return [(name, way, str(place)) for name, way, wanted in self._wanted if wanted in octets]

    def folder(self, folder, *, leave_out=(), since_s=0.0):
        """Every regular file below it, and the names of all."""
        hits = []
        for path in sorted(Path(folder).rglob("*")):
            if path in leave_out or any(parent in leave_out for parent in path.parents):
                continue
            hits += self.octets(os.fsencode(path.name), f"name of {path}")
            hits += self._file(path, since_s)
        return hits

    def _file(self, path, since_s):
        try:
            facts = path.lstat()
            if not path.is_file() or path.is_symlink() or facts.st_mtime < since_s or facts.st_size > _BIGGEST:
                return []
            return self.octets(path.read_bytes(), path)
        except OSError:  # others' files come and go
            return []

    def temporary(self, since_s):
        """What appeared in the common places meanwhile; folders of other tests are left out."""
        hits = []
        for folder in {Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp"), Path("/dev/shm"), Path.cwd()}:
            for path in folder.iterdir():
                hits += self._file(path, since_s)
        return hits

    def processes(self, pids):
        hits = []
        for pid in pids:
            for part in ("cmdline", "environ", "comm"):
                hits += self.octets(Path(f"/proc/{pid}/{part}").read_bytes(), f"{part} of process {pid}")
        return hits
