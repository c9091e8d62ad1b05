"""The administrators, and the panel that they use."""

from typing import Annotated, Literal

from msgspec import Meta, field

from otpbroker.config.sections._base import Section, text
from otpbroker.config.sections.api import Port, Username
from otpbroker.secrets import Secret

HostName = Annotated[str, text(r"^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$", "host_name")]


class Admin(Section, frozen=True, kw_only=True):
    """`password_hash`, stored under the public name `password`, is what `otpbroker.config.passwords` makes of one.

    A code for a forgotten password goes to `phone` or `email`.
    """

    username: Username
    name: Annotated[str, Meta(max_length=64)] = ""
    password_hash: Secret = field(name="password", default_factory=Secret)
    phone: Annotated[str, Meta(max_length=32)] = ""
    email: Annotated[str, Meta(max_length=254)] = ""
    active: bool = True
    blocked: bool = False


def usable(admin: Admin | None) -> bool:
    """Whether there is such an administrator, and one who can sign in."""
    return admin is not None and admin.active and not admin.blocked and bool(admin.password_hash)


class AdminsSection(Section, frozen=True, kw_only=True):
    version: Literal[1] = 1
    admins: tuple[Admin, ...] = ()


class PanelSection(Section, frozen=True, kw_only=True):
    """The panel answers at addresses, at `localhost` and `otpbroker.local`, and at these `host_names`; any other name
    in a request could be a stranger's that was pointed here. Who does nothing for `idle_s` seconds is signed out.
    """

    version: Literal[1] = 1
    port: Port = 8888
    host_names: tuple[HostName, ...] = ()
    idle_s: Annotated[int, Meta(ge=60, le=86400)] = 1800
