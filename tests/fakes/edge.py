"""The device's network edge on a machine of ours: nginx before the doors of a whole system."""

import contextlib
import dataclasses
import http.client
import json
import ssl
import sys
from pathlib import Path

from fakes.nginx import PEM, Nginx, has_http2_directive
from fakes.person import Person
from fakes.whole import AUTH, Whole
from otpbroker.config.sections.admins import PanelSection
from otpbroker.config.sections.api import ApiSection
from otpbroker.config.sections.network import WlanSection
from otpbroker.network.nginx import Facts
from running import PROJECT, free_port

LOOPBACK = WlanSection(address="127.0.0.1", prefix=8)  # the access point's side, as far as addresses tell


class Edge(Whole):
    """`port` (the API's), `https`, `panel_port`, `setup` and `portal` are nginx's."""

    PROGRAM = ("/usr/bin/env", f"PYTHONPATH={PROJECT / 'src'}", sys.executable, Path(__file__).with_name("edge_run.py"))

    def __init__(self, folder, *options):
        self.panel_port, self.https, self.setup, self.portal = (free_port() for _ in range(4))
        super().__init__(folder, "--admin-port", self.panel_port, *options)
        for reached in ("", "run", "run/otpb-api", "run/otpb-admin"):
            (self.root / reached).chmod(0o755)  # as RuntimeDirectoryMode has it
        facts = Facts(
            panel=PanelSection(port=self.panel_port),
            api=ApiSection(http_port=self.port, https_enabled=True, https_port=self.https),
            wlan=LOOPBACK,
            certificate=True,
            http2_directive=has_http2_directive(),
            run=self.root / "run",
            setup_port=self.setup,
            portal_port=self.portal,
        )
        try:
            self.nginx = Nginx(self.root, facts)
        except BaseException:
            self.kill()
            raise

    def __exit__(self, *fault):
        self.nginx.close()
        super().__exit__(*fault)

    @contextlib.contextmanager
    def by(self, **changed):
        """nginx by other facts, for a while."""
        usual = self.nginx.facts
        self.nginx.reload(dataclasses.replace(usual, **changed))
        try:
            yield
        finally:
            self.nginx.reload(usual)

    def reload(self):
        self.nginx.reload(self.nginx.facts)

    def over_tls(self, msisdn, text):
        """As `sms`, by HTTPS: status and reply."""
        trusted = ssl.create_default_context(cafile=PEM)
        connection = http.client.HTTPSConnection("localhost", self.https, timeout=60, context=trusted)
        body = json.dumps({"command": "send-sms", "data": {"msisdn": msisdn, "message": text}})
        connection.request("POST", "/api/sms", body, {"Authorization": AUTH})
        with connection.getresponse() as answer:
            told = answer.status, json.load(answer)
        connection.close()
        return told

    def person(self, **headers):
        return Person(self.panel_port, **headers)
