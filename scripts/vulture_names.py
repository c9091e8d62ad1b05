"""Names that only a framework calls; vulture would take them for dead code."""
