"""otpb-apply: the owner of the settings. Changes run one after the other in their own thread."""

import queue
import sys
import threading

from otpbroker.apply.manager import SupervisorManager
from otpbroker.apply.transaction import Settings
from otpbroker.errors import BrokerError
from otpbroker.ipc.connection import Reply
from otpbroker.ipc.server import Server
from otpbroker.system import service
from otpbroker.system.files import Paths
from otpbroker.system.peercred import Peer
from otpbroker.verbs.apply import ApplyVerb

MAX_DOCUMENT_FRAME = 1024 * 1024  # an imported document of 256 KiB, escaped


class Apply:
    def __init__(self, paths: Paths) -> None:
        self._settings = Settings(paths, SupervisorManager(paths.socket("supervisor")))
        self._work: queue.SimpleQueue[tuple[ApplyVerb, Reply] | None] = queue.SimpleQueue()
        self._worker = threading.Thread(target=self._run, name="settings")
        self._server = Server(paths.socket("apply"), ApplyVerb, self._take, max_frame_octets=MAX_DOCUMENT_FRAME)
        self._worker.start()
        self._server.start()

    def _take(self, verb: ApplyVerb, _peer: Peer, reply: Reply) -> None:
        self._work.put((verb, reply))

    def _run(self) -> None:
        while (work := self._work.get()) is not None:
            verb, reply = work
            try:
                reply.result(self._settings.handle(verb))
            except BrokerError as error:
                reply.error(error)

    def reload(self) -> None:
        """Every call reads the disk anew."""

    def stop(self) -> None:
        self._server.stop_listening()
        self._work.put(None)
        self._worker.join()
        self._server.stop()


def main() -> int:
    paths = service.root_argument("apply")
    return service.run("apply", lambda: Apply(paths))


if __name__ == "__main__":
    sys.exit(main())
