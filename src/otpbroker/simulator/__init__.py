"""Simulated GSM modems on ptys: for the sandbox of `scripts/run --simulate`, the tests and the bench."""
