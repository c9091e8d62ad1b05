"""Names that only a framework calls, or that a match on a name finds; vulture would take them for dead code."""

from otpbroker.calling.line import _Incoming
from otpbroker.web.request import Request
from otpbroker.web.server import Server

_Incoming.readinto  # noqa: B018 - its buffered reader calls it
Request.header_reader  # noqa: B018 - cheroot's parser reads it
Server.bind_unix_socket  # noqa: B018 - likewise
Server.error_log  # noqa: B018 - cheroot's server calls it
