"""The examples of the README, for tests that run them."""

import re

from running import PROJECT


def example(heading, language):
    """The first block in `language` below the heading."""
    _, _, section = (PROJECT / "README.md").read_text().partition(f"\n## {heading}\n")
    return re.search(rf"^```{language}\n(.*?)^```", section.partition("\n## ")[0], re.DOTALL | re.MULTILINE)[1]
