import pytest

from fakes.mail_service import MailService
from fakes.smtp import Authority, Loop, SmtpServer


@pytest.fixture(scope="session")
def loop():
    loop = Loop()
    yield loop
    loop.close()


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def smtp(loop, authority):
    """Makes servers; stopped at the end."""
    servers = []

    def make(security="none", **options):
        servers.append(SmtpServer(loop, authority, security, **options))
        return servers[-1]

    yield make
    for server in servers:
        server.stop()


@pytest.fixture
def mail(tmp_path):
    """Makes the service on accounts; stopped at the end."""
    services = []

    def make(*accounts, **options):
        services.append(MailService(tmp_path / "device", *accounts, **options))
        return services[-1]

    yield make
    for service in services:
        service.close()
