import base64
import xml.etree.ElementTree as ET

import pytest
from image.building.manifest import Built, document


@pytest.mark.parametrize(("config", "boards"), [("debian", ["3", "4"]), ("raspios", ["3", "4", "5"])])
def test_imager_is_told_what_it_asks_for(config, boards):
    (entry,) = document(Built("1.2", config, "https://example.org/a.img.xz", 9, "aa", 5, "bb"), 1_700_000_000)[
        "os_list"
    ]
    assert entry["name"] == "OTP Broker 1.2"
    assert (entry["extract_size"], entry["extract_sha256"]) == (9, "aa")
    assert (entry["image_download_size"], entry["image_download_sha256"]) == (5, "bb")
    assert entry["release_date"] == "2023-11-14"
    assert entry["devices"] == [f"pi{board}-64bit" for board in boards]
    assert "init_format" not in entry  # Imager would ask for a user and a Wi-Fi that nobody reads


def test_the_icon_is_a_picture():
    (entry,) = document(Built("1", "debian", "", 0, "", 0, ""), 0)["os_list"]
    picture = base64.b64decode(entry["icon"].removeprefix("data:image/svg+xml;base64,"))
    assert ET.fromstring(picture).tag.endswith("svg")  # noqa: S314 - our own
