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
    return Page("moved.html", {"address": f"http://{host_name(visit)}:{port}{answer.to}"})


def host_name(visit: Visit) -> str:
    """By which name or address the browser reached us, without the port."""
    name, colon, port = visit.host.rpartition(":")
    return name if colon and port.isdigit() else visit.host
