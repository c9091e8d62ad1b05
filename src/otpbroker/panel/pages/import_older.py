"""Import of the settings of OTP-Broker and OTP-Pi: shown first, then done."""

from typing import Final

from msgspec.structs import replace

from otpbroker.clients import backup
from otpbroker.clients.backup import Outcome
from otpbroker.errors import BrokerError
from otpbroker.panel.answers import Answer, Page, Redirect
from otpbroker.panel.desk import Desk
from otpbroker.panel.holding import Holding
from otpbroker.panel.pages.backup import PATH as BACK
from otpbroker.panel.pages.backup import sentence, session_id, shown, told
from otpbroker.panel.routes import UPLOAD_OCTETS, Route, get, post
from otpbroker.panel.sessions import Notice
from otpbroker.panel.visit import Visit
from otpbroker.secrets import Secret
from otpbroker.verbs.backup import ImportOlder

PATH: Final = "/backup/import"


class ImportPages:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._held: Holding[ImportOlder] = Holding()

    def routes(self) -> list[Route]:
        return [
            get(PATH, lambda _visit: self._page()),
            post(PATH, self.look, most_octets=UPLOAD_OCTETS),
            post(f"{PATH}/confirm", self.confirm),
        ]

    def _page(self, error: Notice | None = None) -> Page:
        return Page("import.html", {"error": error}, 422 if error else 200)

    def look(self, visit: Visit) -> Answer:
        """What would be taken; nothing is."""
        files = [Secret(octets.decode(errors="replace")) for octets in visit.files.get("files", ())]
        if not files:
            return self._page(Notice("failed", "backup.no_file"))
        verb = ImportOlder(files=files, check_only=True, by=visit.admin)
        try:
            outcome = self._import(verb)
        except BrokerError as error:
            return self._page(Notice("failed", error.key, error.params))
        held = "" if outcome.restored.problems else self._held.keep(session_id(visit), verb)
        return self._preview(visit, outcome, held)

    def _preview(self, visit: Visit, outcome: Outcome, held: str = "") -> Page:
        notes = [sentence(note, visit.words) for note in outcome.restored.notes]
        values = {"held": held, "notes": notes, **shown(outcome, visit.words)}
        return Page("import_preview.html", values, 200 if held else 422)

    def confirm(self, visit: Visit) -> Answer:
        verb = self._held.take(session_id(visit), visit.form.get("held"))
        if verb is None:
            return Redirect(PATH, Notice("failed", "backup.gone"))
        outcome = self._import(replace(verb, check_only=False))
        if outcome.restored.problems:
            return self._preview(visit, outcome)
        return Redirect(BACK, told(outcome, "import.done"))

    def _import(self, verb: ImportOlder) -> Outcome:
        with self._desk.slow.place():
            return backup.restore(self._desk.peers.apply, self._desk.peers.dispatch, verb, merge=True)
