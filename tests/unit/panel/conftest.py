import pytest

from fakes.panel import PanelHere


@pytest.fixture
def here(tmp_path):
    return PanelHere(tmp_path)


@pytest.fixture
def browser(here):
    return here.browser()
