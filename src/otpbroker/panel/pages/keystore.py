"""The key store: certificates that HTTPS may show, and which one it shows now. No page ever has a private key."""

import re
from collections.abc import Mapping
from typing import Any, Final

from otpbroker.errors import BrokerError
from otpbroker.panel.answers import Answer, Download, Page, Redirect
from otpbroker.panel.desk import Desk
from otpbroker.panel.holding import Holding
from otpbroker.panel.pages.backup import session_id
from otpbroker.panel.refused import Refused
from otpbroker.panel.render import link
from otpbroker.panel.routes import UPLOAD_OCTETS, Route, get, post
from otpbroker.panel.sessions import Notice
from otpbroker.panel.visit import Visit
from otpbroker.secrets import Secret
from otpbroker.system.clock import wall_s
from otpbroker.verbs.apply import Applied, Problem, RemoveEntry, SetEntry
from otpbroker.verbs.keystore import (
    EXPIRES_SOON_S,
    CertificateFacts,
    CertificateList,
    ImportCertificate,
    ListCertificates,
    MakeCertificate,
    file_of,
)

PATH: Final = "/key-store"
_FIELDS: Final = {"name": "name", "names": "names", "passphrase": "passphrase"}  # all else is about the files


class KeyStorePages:
    """What was uploaded waits in memory for its passphrase, and is passed on unread."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._held: Holding[list[Secret]] = Holding()

    def routes(self) -> list[Route]:
        return [
            get(PATH, self.all),
            get(f"{PATH}/add", lambda _visit: self._form("keystore_add.html")),
            post(f"{PATH}/add", self.added, most_octets=UPLOAD_OCTETS),
            get(f"{PATH}/make", lambda _visit: self._form("keystore_make.html")),
            post(f"{PATH}/make", self.made),
            get(f"{PATH}/view", self.view),
            get(f"{PATH}/certificate", self.download),
            post(f"{PATH}/activate", self.activated),
            post(f"{PATH}/deactivate", self.deactivated),
            get(f"{PATH}/delete", self.delete),
            post(f"{PATH}/delete", self.deleted),
        ]

    def all(self, _visit: Visit) -> Answer:
        held, down = self._told()
        return Page("keystore.html", {"held": held, "down": down, "state": state_of})

    def _told(self) -> tuple[CertificateList, Notice | None]:
        try:
            return self._desk.peers.apply.call(ListCertificates()), None
        except BrokerError as error:
            return CertificateList(), Notice("failed", error.key, error.params)

    def _one(self, visit: Visit) -> tuple[CertificateFacts | None, CertificateList]:
        """The one that `?key=` names, and all that was told with it: otpb-apply opens each certificate to answer."""
        held, key = self._told()[0], visit.query.get("key")
        return next((one for one in held.certificates if one.name == key), None), held

    def view(self, visit: Visit) -> Answer:
        one, held = self._one(visit)
        if one is None:
            return _gone(visit)
        return Page("keystore_view.html", {"one": one, "held": held, "state": state_of})

    def download(self, visit: Visit) -> Answer:
        """For those who are to trust it: what every client of HTTPS gets anyway."""
        one, held = self._one(visit)
        shown = held.shown
        if one is None and visit.query.get("key") == "" and shown is not None and not shown.name:
            one = shown  # the device's own
        if one is None:
            return _gone(visit)
        name = re.sub(r"[^A-Za-z0-9.-]+", "-", one.name).strip("-.") or "otpbroker"
        return Download(one.chain.encode(), "application/x-pem-file", f"{name}.pem")

    def _form(self, template: str, values: Mapping[str, str] | None = None, **more: Any) -> Page:
        """`values` by field, as typed; `errors` in `more` by field, each a list of problems."""
        shown = {"values": values or {}, "errors": {}, "held": "", "count": 0, "replaces": False, **more}
        return Page(template, shown, 422 if shown["errors"] else 200)

    def added(self, visit: Visit) -> Answer:
        files = self._files(visit)
        name, passphrase = visit.form.get("name").strip(), Secret(visit.form.get("passphrase"))
        activate = "activate" in visit.form
        verb = ImportCertificate(name=name, files=files, passphrase=passphrase, activate=activate, by=visit.admin)
        taken = any(one.name == name for one in self._told()[0].certificates)
        if not files:
            errors = {"files": [Problem(path="", key="keystore.no_file")]}
        elif taken and "replace" not in visit.form:
            errors = {"name": [Problem(path="", key="keystore.name_taken")]}
        else:
            applied = self._desk.change(verb)
            if not applied.problems:
                return self._done(visit, applied, name, "keystore.added")
            errors = _by_field(applied)
        held = self._held.keep(session_id(visit), files) if files else ""
        values = {"name": name, "activate": "yes" * activate}
        more = {"errors": errors, "held": held, "count": len(files), "replaces": taken}
        return self._form("keystore_add.html", values, **more)

    def _files(self, visit: Visit) -> list[Secret]:
        """Uploaded or pasted now, else what was before."""
        given = [*visit.files.get("files", ()), visit.form.get("pem").strip().encode()]
        found = [file_of(octets) for octets in given if octets]
        return found or self._held.take(session_id(visit), visit.form.get("held")) or []

    def made(self, visit: Visit) -> Answer:
        name, names = visit.form.get("name").strip(), visit.form.get("names")
        activate = "activate" in visit.form
        wanted = tuple(re.split(r"[\s,]+", names.strip())) if names.strip() else ()
        values = {"name": name, "names": names, "activate": "yes" * activate}
        if any(one.name == name for one in self._told()[0].certificates):
            errors = {"name": [Problem(path="", key="keystore.name_taken")]}
            return self._form("keystore_make.html", values, errors=errors)
        verb = MakeCertificate(name=name, names=wanted, activate=activate, by=visit.admin)
        applied = self._desk.change(verb)
        if applied.problems:
            return self._form("keystore_make.html", values, errors=_by_field(applied))
        return self._done(visit, applied, name, "keystore.made")

    def _done(self, visit: Visit, applied: Applied, name: str, key: str) -> Answer:
        if visit.session is not None:
            visit.session.notices.extend(Notice("hint", hint.key, hint.params) for hint in applied.hints)
        return Redirect(link(f"{PATH}/view", key=name), Notice("done", key, {"name": name}))

    def activated(self, visit: Visit) -> Answer:
        return self._switched(visit, "true", "keystore.activated")

    def deactivated(self, visit: Visit) -> Answer:
        return self._switched(visit, "false", "keystore.deactivated")

    def _switched(self, visit: Visit, active: str, done: str) -> Answer:
        name = visit.query.get("key")
        verb = SetEntry(section="keystore", key=name, values={"active": Secret(active)}, by=visit.admin)
        back = PATH if visit.form.get("back") == "list" else link(f"{PATH}/view", key=name)
        return self._changed(visit, verb, back, Notice("done", done, {"name": name}))

    def _changed(self, visit: Visit, verb: SetEntry | RemoveEntry, back: str, done: Notice) -> Answer:
        if self._one(visit)[0] is None:
            return _gone(visit)
        applied = self._desk.change(verb)
        failed = [Notice("failed", problem.key, problem.params) for problem in applied.problems]
        return Redirect(back, failed[0] if failed else done)

    def delete(self, visit: Visit) -> Answer:
        """Asks first, and says what the active one means."""
        one, _ = self._one(visit)
        return _gone(visit) if one is None else Page("keystore_delete.html", {"one": one})

    def deleted(self, visit: Visit) -> Answer:
        name = visit.query.get("key")
        verb = RemoveEntry(section="keystore", key=name, by=visit.admin)
        return self._changed(visit, verb, PATH, Notice("done", "list.deleted", {"name": name}))


def _gone(visit: Visit) -> Answer:
    name = visit.query.get("key")
    if visit.method == "POST":
        raise Refused(404, "list.gone", name=name[:100])
    return Redirect(PATH, Notice("failed", "list.gone", {"name": name[:100]}) if name else None)


def _by_field(applied: Applied) -> dict[str, list[Problem]]:
    found: dict[str, list[Problem]] = {}
    for problem in applied.problems:
        found.setdefault(_FIELDS.get(problem.path.rpartition(".")[2], "files"), []).append(problem)
    return found


def state_of(one: CertificateFacts) -> str:
    """`good`, `soon`, `over` or `early`: a text key after `keystore.state.`."""
    now = wall_s()
    if now < one.first:
        return "early"
    if now >= one.last:
        return "over"
    return "soon" if one.last - now < EXPIRES_SOON_S else "good"
