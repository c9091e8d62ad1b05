"""One listening place that can be moved while it is in use, within one event loop."""

import asyncio
import os
from collections.abc import Callable
from typing import NamedTuple

from otpbroker.errors import BrokerError, ResponseCode


class Place(NamedTuple):
    address: str
    port: int


class Listener:
    """`session` makes the protocol of each connection."""

    def __init__(self, loop: asyncio.AbstractEventLoop, session: Callable[[], asyncio.BaseProtocol]) -> None:
        self._loop = loop
        self._session = session
        self._place: Place | None = None
        self._server: asyncio.Server | None = None

    async def move(self, place: Place | None) -> None:
        """Listen there and nowhere else, None: nowhere. Raises `BrokerError` where that cannot be; then nothing moved.

        What is taken may be taken by ourselves, where one address holds the other: that is known only once we let go.
        """
        old, before = self._server, self._place
        try:
            server = None if place is None else await self._listen(place)
        except BrokerError:
            if old is None or before is None or place is None or place.port != before.port:
                raise
            old.close()
            server = await self._listen_or_return(place, before)
        if old is not None:
            old.close()
        self._server, self._place = server, place

    async def _listen_or_return(self, place: Place, before: Place) -> asyncio.Server:
        try:
            return await self._listen(place)
        except BrokerError:
            self._server = await self._listen(before)
            raise

    async def _listen(self, place: Place) -> asyncio.Server:
        try:
            return await self._loop.create_server(self._session, *place)
        except OSError as error:
            # asyncio puts words of its own, and other ones from version to version, in place of the system's.
            known = error.errno is not None and error.errno > 0  # below are the resolver's
            reason = os.strerror(error.errno or 0).lower() if known else "no such address"
            raise BrokerError(
                ResponseCode.FAILED, "mail.relay_port_refused", address=place.address, port=place.port, reason=reason
            ) from error
