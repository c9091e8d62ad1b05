"""The OpenAPI document against the process that serves it, by schemathesis."""

import subprocess
import sys
from pathlib import Path

import pytest

from fakes.api_process import running_api
from fakes.http import basic

SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")
# The first takes 429 after ten wrong passwords for a fault. The second adds members of its own with numbers beyond
# 64 bit, which are refused.
LEFT_OUT = "ignored_auth,positive_data_acceptance"


def schemathesis(api, document, *options):
    return subprocess.run(
        [
            *(SCHEMATHESIS, "run", document, "--url", f"http://127.0.0.1:{api.port}", "--no-color"),
            *("--header", f"Authorization: {basic()}", "--exclude-checks", LEFT_OUT),
            *("--seed", "1", "--generation-deterministic", *options),
        ],
        cwd=api.paths.root,
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )


@pytest.mark.timeout(180)
def test_every_answer_is_as_the_document_says(tmp_path):
    """The five command paths share one operation: one of them is enough."""
    with running_api(tmp_path) as api:
        ran = schemathesis(
            api,
            f"http://127.0.0.1:{api.port}/openapi.json",
            *("--exclude-path-regex", "^/api/(block|unblock|mail|otp)$"),
            *("--max-examples", "25", "--phases", "examples,coverage,fuzzing"),
        )
        assert ran.returncode == 0, ran.stdout[-4000:] + ran.stderr[-1000:]
        assert api.dispatch.sent, "the document describes no request that works"


def test_a_document_that_lies_is_caught(tmp_path):
    """The negative control."""
    with running_api(tmp_path) as api:
        with api.client() as client:
            document = client.request("GET", "/openapi.json").body.decode()
        lie = tmp_path / "lie.json"
        lie.write_text(document.replace('"status"', '"word"'))
        ran = schemathesis(api, str(lie), "--include-path", "/healthz", "--max-examples", "1")
        assert ran.returncode == 1
        assert "word" in ran.stdout
