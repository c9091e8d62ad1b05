"""systemd's units as the package ships them."""

import re
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "overlay/usr/lib/systemd/system"


def starts_where_any_exists(unit, root):
    """Whether `unit`, which starts where one of some paths exists, would start on what is below `root`."""
    paths = re.findall(r"^ConditionPathExists=\|/(.+)$", (FOLDER / unit).read_text(), re.MULTILINE)
    assert paths
    return any((root / path).exists() for path in paths)
