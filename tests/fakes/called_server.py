"""An HTTP server that is called: a thread for each connection, over TLS where an authority gives it a certificate."""

import ssl
import threading
from http.server import ThreadingHTTPServer


class CalledServer(ThreadingHTTPServer):
    """`owner` is for the handler, which finds it as `self.server.owner`; `authority` (trustme) makes it HTTPS."""

    daemon_threads = True

    def __init__(self, at, handler, owner, authority=None, name="localhost"):
        super().__init__(at, handler)
        self.owner = owner
        self.connections = 0
        self._tls = None
        if authority is not None:
            self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            authority.issue_cert(name).configure_cert(self._tls)
        self.port = self.server_address[1]
        self._thread = threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    def stop(self):
        self.shutdown()
        self.server_close()
        self._thread.join(5)

    def get_request(self):
        sock, address = super().get_request()
        self.connections += 1
        return sock, address

    def finish_request(self, request, client_address):
        if self._tls is None:
            super().finish_request(request, client_address)
            return
        request.settimeout(5)
        with self._tls.wrap_socket(request, server_side=True) as secured:
            super().finish_request(secured, client_address)

    def handle_error(self, request, client_address):
        """A client that hangs up, or does not believe our certificate, is part of the test."""
