import pytest

from fakes.floor import Desk


@pytest.fixture
def desk(tmp_path):
    """Makes a broker on fake modems; closed at the end."""
    desks = []

    def make(*modems, **options):
        desks.append(Desk(tmp_path, *modems, **options))
        return desks[-1]

    yield make
    for each in desks:
        each.close()
