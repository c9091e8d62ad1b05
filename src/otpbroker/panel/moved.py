"""When the panel has moved to another port: a browser that is sent on would find nobody where it was."""

from otpbroker.panel.answers import Answer, Page, Redirect
from otpbroker.panel.desk import Desk
from otpbroker.panel.visit import Visit


def followed(answer: Answer, visit: Visit, desk: Desk, port_before: int) -> Answer:
    """`answer`, or in place of a redirect a page that names the new address."""
    port = desk.settings.panel.port
    if port == port_before or not isinstance(answer, Redirect):
        return answer
    if answer.notice is not None and visit.session is not None:
        visit.session.notices.append(answer.notice)
    name, colon, old = visit.host.rpartition(":")
    host = name if colon and old.isdigit() else visit.host
    return Page("moved.html", {"address": f"http://{host}:{port}{answer.to}"})
