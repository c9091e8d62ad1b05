"""What the panel may not do to its own administrators. The command line, which root alone can use, may."""

from otpbroker.config.sections._base import Section
from otpbroker.config.sections.admins import AdminsSection, usable
from otpbroker.verbs.apply import AddEntry, Applied, Change, ImportSection, Problem


def refusals(verb: Change[Applied], old: Section, new: Section) -> list[Problem]:
    """Why an administrator's change may not be: it shuts out who makes it, or everybody."""
    if not verb.by or not isinstance(old, AdminsSection) or not isinstance(new, AdminsSection):
        return []
    before, after = _usable(old), _usable(new)
    if not isinstance(verb, AddEntry | ImportSection) and verb.by in before - after:
        return [Problem(path=f"admins.{verb.by}", key="admins.own")]
    if before and not after:
        return [Problem(path="admins", key="admins.last")]
    return []


def _usable(section: AdminsSection) -> set[str]:
    return {admin.username for admin in section.admins if usable(admin)}
