"""Who is at the other end of a Unix socket: SO_PEERCRED, absent means denied (DESIGN §2)."""

import grp
import os
import pwd
import socket
import struct
from typing import Final

from msgspec import Struct

_UCRED: Final = struct.Struct("3i")


class Peer(Struct, frozen=True):
    pid: int
    uid: int
    gid: int


def peer_of(connection: socket.socket) -> Peer:
    """The process that connected, as the kernel noted it at connect time."""
    return Peer(*_UCRED.unpack(connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _UCRED.size)))


def is_root_or_us(peer: Peer) -> bool:
    """Whether it is root, or whoever has started us."""
    return peer.uid in (0, os.geteuid())


def may_connect(peer: Peer, group: str | None) -> bool:
    """root, our own user, and the members of `group` (a sysusers group such as `otpb-dispatch-clients`)."""
    if is_root_or_us(peer):
        return True
    if group is None:
        return False
    try:
        entry = grp.getgrnam(group)
        user = pwd.getpwuid(peer.uid)
    except KeyError:
        return False
    return user.pw_name in entry.gr_mem or entry.gr_gid in (user.pw_gid, peer.gid)
