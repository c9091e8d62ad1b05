"""The API page and its users."""

from typing import Annotated, Literal

from msgspec import Meta, field

from otpbroker.config.sections._base import Section, text
from otpbroker.secrets import Secret

Port = Annotated[int, Meta(ge=1, le=65535)]
Path = Annotated[str, text(r"^/[A-Za-z0-9._~/-]{0,100}$", "path")]
Username = Annotated[str, text(r"^[^:\x00-\x1f\x7f]{1,64}$", "username")]


class ApiSection(Section, frozen=True, kw_only=True):
    version: Literal[1] = 1
    http_enabled: bool = True
    http_port: Port = 8889
    https_enabled: bool = False
    https_port: Port = 10443
    message_path: Path = "/api/sms"
    blocking_path: Path = "/api/block"
    unblocking_path: Path = "/api/unblock"
    mail_path: Path = "/api/mail"
    otp_path: Path = "/api/otp"


class ApiUser(Section, frozen=True, kw_only=True):
    """`password_hash`, stored under the public name `password`, is what `otpbroker.config.passwords` makes of one."""

    username: Username
    name: Annotated[str, Meta(max_length=64)] = ""
    password_hash: Secret = field(name="password", default_factory=Secret)
    phone: Annotated[str, Meta(max_length=32)] = ""
    email: Annotated[str, Meta(max_length=254)] = ""
    active: bool = True
    blocked: bool = False


class ApiUsersSection(Section, frozen=True, kw_only=True):
    version: Literal[1] = 1
    api_users: tuple[ApiUser, ...] = ()
