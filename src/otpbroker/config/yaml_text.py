"""YAML, as libyaml reads and writes it. Scalars are text, so `0812` stays a number to dial and `no` what was typed."""

from typing import Any

import yaml

from otpbroker.config.schema import refused


def render(document: object) -> bytes:
    return yaml.dump(document, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True).encode()


def parse(text: str) -> object:
    """Mappings, lists and text. Raises `SettingsError` with the line that is wrong."""
    try:
        for event in yaml.parse(text, Loader=yaml.CBaseLoader):
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                raise refused("no_anchors", line=_line(event.start_mark))
        return yaml.load(text, Loader=_Loader)  # noqa: S506 - builds text, lists and mappings only
    except yaml.MarkedYAMLError as error:
        raise refused("not_yaml", line=_line(error.problem_mark), reason=error.problem or "") from None
    except (yaml.YAMLError, RecursionError) as error:
        raise refused("not_yaml", line=1, reason=type(error).__name__) from None


class _Loader(yaml.CBaseLoader):
    """A key given twice is refused."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise refused("double_key", name=str(key.value)[:40], line=_line(key.start_mark))
            seen.add(str(key.value))
        return super().construct_mapping(node, deep=deep)


def _line(mark: Any) -> int:
    return mark.line + 1 if mark else 1
