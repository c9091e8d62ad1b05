"""The templates, compiled when the package is installed (`python3 -Im otpbroker.panel.compiled`): the panel starts
seconds earlier on a small device, and never holds what compiling leaves behind.

What was compiled by another Python, or from another source, counts as missing: then the panel compiles by itself.
"""

import contextlib
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jinja2
from jinja2.bccache import Bucket
from jinja2.runtime import Context

from otpbroker.panel.filters import Filters
from otpbroker.system import options
from otpbroker.system.files import Paths, ensure_folder, write_atomic
from otpbroker.system.options import Options


class _Kept(jinja2.BytecodeCache):
    def __init__(self, folder: Path, *, fill: bool) -> None:
        self._folder = folder
        self._fill = fill

    def load_bytecode(self, bucket: Bucket) -> None:
        with contextlib.suppress(OSError), (self._folder / bucket.key).open("rb") as kept:
            bucket.load_bytecode(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        if self._fill:
            write_atomic(self._folder / bucket.key, bucket.bytecode_to_string(), mode=0o644)


def environment(
    filters: Filters | type[Filters], folder: Path | None = None, *, fill: bool = False
) -> jinja2.Environment:
    """All templates, escaped, with every name defined. `folder` holds compiled ones; `fill` puts there what lacks."""
    made = jinja2.Environment(
        loader=jinja2.PackageLoader("otpbroker.panel"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=["jinja2.ext.do"],
        bytecode_cache=_Kept(folder, fill=fill) if folder else None,
    )
    for name in (name for name in dir(filters) if not name.startswith("_")):
        made.filters[name] = _of_visit(getattr(filters, name))
    return made


def _of_visit(write: Callable[..., str]) -> Callable[..., str]:
    @jinja2.pass_context
    def written_for_visit(context: Context, *values: Any, **options: Any) -> str:
        return write(context["visit"], *values, **options)

    return written_for_visit


def folder(paths: Paths) -> Path:
    return paths.cache / "templates"


def compile_all(kept: Path) -> None:
    """Fill `kept` anew, readable for all. Raises OSError where the disk refuses."""
    shutil.rmtree(kept, ignore_errors=True)
    ensure_folder(kept, 0o755)
    templates = environment(Filters, kept, fill=True)
    for name in templates.list_templates():
        templates.get_template(name)


def main() -> int:
    compile_all(folder(options.read(Options).paths))
    return 0


if __name__ == "__main__":
    sys.exit(main())
