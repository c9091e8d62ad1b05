"""A name server that behaves, with the records of a table."""

import contextlib
import socket
import threading

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.resolver
import dns.rrset


class NameServer:
    """`records` maps (name, type) to texts, such as ("example.org", "MX"): ["10 mx.example.org."]. A name in `broken`
    is answered SERVFAIL, one in `silent` never.
    """

    def __init__(self, at=("127.0.0.1", 0)):
        self.records = {}
        self.broken = set()
        self.silent = set()
        self.asked = []
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(at)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def port(self):
        return self._socket.getsockname()[1]

    def resolver(self):
        made = dns.resolver.Resolver(configure=False)
        made.nameservers = ["127.0.0.1"]
        made.port = self.port
        return made

    def add(self, name, kind, *values):
        self.records[name, kind] = values

    def _serve(self):
        with contextlib.suppress(OSError):
            while True:
                octets, client = self._socket.recvfrom(4096)
                if not octets:
                    return
                answer = self._answer(dns.message.from_wire(octets))
                if answer is not None:
                    self._socket.sendto(answer.to_wire(), client)

    def _answer(self, query):
        question = query.question[0]
        name = question.name.to_text(omit_final_dot=True)
        kind = dns.rdatatype.to_text(question.rdtype)
        self.asked.append((name, kind))
        if name in self.silent:
            return None
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.RA
        if name in self.broken:
            answer.set_rcode(dns.rcode.SERVFAIL)
        elif (name, kind) in self.records:
            answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *self.records[name, kind]))
        elif name not in {known for known, _ in self.records}:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        return answer

    def stop(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as farewell:
            farewell.sendto(b"", self._socket.getsockname())
        self._thread.join(5)
        self._socket.close()
