"""From a browser's request to a page. Bottle routes and parses; who may ask for what is decided here for all."""

import logging
from collections.abc import Callable, Iterable
from typing import Any, Final

import bottle

from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.panel import back
from otpbroker.panel.answers import Answer, Page, Redirect
from otpbroker.panel.desk import Desk
from otpbroker.panel.forgery import Tokens, is_own_host, is_own_origin
from otpbroker.panel.once import Once
from otpbroker.panel.refused import Refused
from otpbroker.panel.render import Renderer, link
from otpbroker.panel.reply import reply
from otpbroker.panel.request import GUEST, SESSION, cookie, form_of, header, visit_of
from otpbroker.panel.routes import Access, Route
from otpbroker.panel.visit import Visit

_LOG: Final = logging.getLogger(__name__)


class Panel:
    """`wsgi` is the WSGI application of all `routes`."""

    def __init__(self, desk: Desk, renderer: Renderer, routes: Iterable[Route]) -> None:
        self._desk = desk
        self._renderer = renderer
        self.warm = renderer.warm
        self._tokens = Tokens()
        self._once = Once()
        self.routes = tuple(routes)
        renderer.paths = {route.path for route in self.routes if route.method == "GET"}
        self.wsgi = bottle.Bottle()
        self.wsgi.config["catchall"] = False  # what is unexpected is logged by the HTTP edge: type and place only
        for route in self.routes:
            self.wsgi.route(route.path, route.method, self._answering(route))
        self.wsgi.error(404)(lambda _: self._refused(self._visit(), Refused(404, "refused.unknown")))
        self.wsgi.error(405)(lambda _: self._refused(self._visit(), Refused(405, "refused.method")))

    def _answering(self, route: Route) -> Callable[[], Any]:
        return lambda: self._answer(route)

    def _answer(self, route: Route) -> Any:
        visit = self._visit()
        try:
            return reply(self._answer_of(route, visit), visit, self._renderer)
        except Refused as refused:
            return self._refused(visit, refused)
        except BrokerError as error:
            _LOG.warning("%s %s: %s", route.method, route.path, error)
            said = Refused(_status(error), error.key, retry_after_s=error.retry_after_s, **error.params)
            return self._refused(visit, said)

    def _visit(self) -> Visit:
        live = header("HX-Request") == "true" or header("Accept") == "text/event-stream"
        by_itself = bottle.request.method == "GET" and live  # a page that stands open
        session = self._desk.sessions.find(cookie(SESSION), seen=not by_itself)
        return visit_of(session, self._tokens, self._desk.settings.general.language)

    def _answer_of(self, route: Route, visit: Visit) -> Answer:
        if not is_own_host(visit.host, self._desk.settings.panel.host_names):
            raise Refused(421, "refused.host", host=visit.host[:100])
        elsewhere = self._turned_away(route, visit)
        if elsewhere is not None:
            return elsewhere
        if route.method != "POST":
            self._once.forget()
            return route.handler(visit)
        return self._posted(route, visit)

    def _turned_away(self, route: Route, visit: Visit) -> Redirect | None:
        """Where else to go, for those who may not see this page."""
        fresh = not self._desk.settings.admins
        if route.access is Access.SET_UP:
            if fresh and not visit.set_up_side and not self._desk.asks_code():
                raise Refused(403, "refused.set_up_side")
            return None if fresh else Redirect("/login")
        if route.access is Access.ADMIN and visit.session is None:
            return Redirect("/setup") if fresh else self._to_sign_in(visit)
        return None

    def _to_sign_in(self, visit: Visit) -> Redirect:
        """With where to go on afterwards; who was signed in is told that this is over, and of what was not done."""
        to = back.of_visit(visit, self._renderer.paths, header("HX-Current-URL") or header("Referer"))
        over = "unsent" if visit.method == "POST" else "over"
        return Redirect(link("/login", told=over if cookie(SESSION) else "", back="" if to == back.HOME else to))

    def _posted(self, route: Route, visit: Visit) -> Answer:
        """Raises `Refused` for a form that is unreadable, or from elsewhere."""
        if not is_own_origin(header, visit.host, secure=visit.secure):
            raise Refused(403, "refused.origin")
        form, files = form_of(route.most_octets)
        token = header("X-CSRF-Token") or form.get("csrf")
        if not self._tokens.is_right(token, cookie(GUEST if visit.session is None else SESSION)):
            if visit.session is None and visit.path == "/login":  # its page was made before this process started
                return Redirect(link("/login", told="stale", back=back.safe(form.get("back"))))
            raise Refused(403, "refused.token")
        filled = visit.with_form(form, files)
        return route.handler(filled) if visit.piece else self._once.run(filled, token, route.handler)

    def _refused(self, visit: Visit, refused: Refused) -> Any:
        if refused.retry_after_s is not None:
            bottle.response.set_header("Retry-After", str(int(refused.retry_after_s) + 1))
        values = {"status": refused.status, "key": refused.key, "params": refused.params}
        return reply(Page("refused.html", values, refused.status), visit, self._renderer)


def _status(error: BrokerError) -> int:
    if error.code == ResponseCode.LIMIT:
        return 429
    return 503 if error.key.endswith((".unavailable", ".lost")) else 400
