"""What the network edge in front of the panel and the API assumes of them."""

from fakes.panel import PanelHere
from otpbroker.network import edge_answers, edge_servers, nginx
from otpbroker.panel.routes import SMALL_OCTETS, UPLOAD_OCTETS
from otpbroker.services.admin.service import THREADS
from otpbroker.services.api import service
from otpbroker.web.body import MAX_BODY_OCTETS
from otpbroker.web.room import IDLE_TIMEOUT_S


def test_the_edge_lets_through_what_the_pages_take(tmp_path):
    routes = PanelHere(tmp_path).panel.routes
    assert {route.path for route in routes if route.most_octets > SMALL_OCTETS} == set(edge_servers.UPLOADS)
    assert max(route.most_octets for route in routes) == UPLOAD_OCTETS == edge_servers.UPLOAD_OCTETS
    assert SMALL_OCTETS == edge_servers.FORM_OCTETS
    assert MAX_BODY_OCTETS == edge_answers.API_BODY_OCTETS


def test_the_edge_waits_longer_than_the_services():
    assert service.SHUTDOWN_GRACE_S < nginx.WAIT_BEYOND_S
    assert IDLE_TIMEOUT_S > 60  # nginx's own, of a connection to a service that waits for the next request


def test_the_edge_is_not_what_bounds_an_application():
    assert service.PLACES_PER_MODEM * 20 + service.PLACES_WITHOUT_MODEMS < edge_servers.API_OF_ONE
    assert edge_servers.PANEL_OF_ONE > THREADS
