"""Writes one thing of the map as YAML in the form that its editors know, and leaves alone what did not change.

Days, hours, telephone numbers and whatever YAML would take for something else stand in double quotes, short lists in
brackets, sentences and sources below their name, the fields in the order of data/schema/service.json.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

from bot.directory.exchange.scalar import plain, scalar
from bot.directory.schema import schema
from bot.directory.yaml_lines import Yaml12Loader, read_yaml

FIRST_LINE = "# yaml-language-server: $schema=../../../schema/service.json"
QUOTED = {"phone", "phone_alt", "whatsapp", "hours", "stopped", "checked", "checked_by", "date", "exceptions"}
"""Fields that stand in quotes even where YAML would do without."""
WORD = re.compile(r"^[\w-]+$")
"""What may stand in brackets without quotes."""


def rendered(values: dict[str, Any], path: Path | None = None) -> str:
    """The text of the file; comments and untouched fields of the file that is there already stay as they are.

    Raises ValueError where the text would not be read back as the same values: a bug, never the editor's mistake.
    """
    text = next((text for text in _ways(values, path) if _reads_as(text, values)), None)
    if text is None:
        raise ValueError(f"{values.get('id')}: cannot be written as YAML; expected text, lists, mappings; {values!r}")
    return text


def _ways(values: dict[str, Any], path: Path | None) -> Iterator[str]:
    """The text with all of the old file that can stay, else with its head alone, else with nothing of it."""
    old = read_yaml(path) if path is not None and path.is_file() else None
    if path is not None and old is not None and isinstance(old.value, dict) and not old.mistakes:
        head, pieces = _taken_apart(path.read_text(encoding="utf-8"), {key: old.line((key,)) for key in old.value})
        same = {key for key in pieces if key in values and _same(old.value[key], values[key])}
        yield _joined(head, _blocks(values, pieces, same))
        yield _joined(head, _blocks(values, {}, set()))
    yield _joined("", _blocks(values, {}, set()))


def _blocks(values: dict[str, Any], pieces: dict[str, str], same: set[str]) -> Iterator[str]:
    """The fields in their order, as they stood where they are the same; no comment goes, though its field may."""
    waiting = ""
    for key in in_order({**pieces, **values}):
        comments = _comments(pieces.get(key, ""))
        if key not in values:
            waiting += comments
            continue
        yield waiting + (pieces[key] if key in same else comments + field(key, values[key]))
        waiting = ""
    yield waiting


def in_order(values: Iterable[str]) -> list[str]:
    """Names of fields in the order of the schema, others behind them."""
    known = list(schema("service")["properties"])
    return sorted(values, key=lambda name: known.index(name) if name in known else len(known))


def field(name: str, value: Any) -> str:
    """One field with its value, as lines that end."""
    quote = name in QUOTED
    if isinstance(value, dict):
        parts = _part_order(name, value)
        return f"{name}:\n" + "".join(
            f"  {_key(key)}: {scalar(value[key], quote and not value[key].isalpha())}\n" for key in parts
        )
    if isinstance(value, list) and any(isinstance(item, dict) for item in value):
        return f"{name}:\n" + "".join(_item(item) for item in value)
    if isinstance(value, list):
        return f"{name}: [{', '.join(scalar(item, quote or not WORD.match(str(item))) for item in value)}]\n"
    return f"{name}: {scalar(value, quote)}\n"


def _part_order(name: str, value: dict[str, Any]) -> list[str]:
    """The parts of a mapping: as the schema orders them, days by the calendar."""
    rule = schema("service")["properties"].get(name, {})
    known = list(rule.get("properties", {})) or rule.get("propertyNames", {}).get("enum", [])
    return sorted(value, key=lambda part: (known.index(part) if part in known else len(known), part))


def _item(item: dict[str, Any]) -> str:
    lines = [f"{_key(key)}: {scalar(value, key in QUOTED)}\n" for key, value in item.items()]
    return "  - " + "    ".join(lines)


def _key(key: str) -> str:
    return key if key.isidentifier() and plain(key) else scalar(key, quote=True)


def _taken_apart(text: str, starts: dict[str, int]) -> tuple[str, dict[str, str]]:
    """The head of a file, and for each field its lines with the comments above it; `starts` counts from 1."""
    lines = text.splitlines(keepends=True)
    begin = {key: _above(lines, line - 1) for key, line in starts.items()}
    first = min(begin, key=lambda key: starts[key], default=None)
    if first is not None:
        begin[first] = starts[first] - 1  # what stands above the first field belongs to the whole file
    order = sorted(begin, key=lambda key: begin[key])
    ends = [*(begin[key] for key in order[1:]), len(lines)]
    pieces = {key: "".join(lines[begin[key] : end]) for key, end in zip(order, ends, strict=True)}
    return "".join(lines[: begin[order[0]]] if order else lines), pieces


def _above(lines: list[str], start: int) -> int:
    while start > 0 and (lines[start - 1].startswith("#") or not lines[start - 1].strip()):
        start -= 1
    return start


def _comments(piece: str) -> str:
    """The comment lines with which a field begins: they outlive its old value."""
    lines = piece.splitlines(keepends=True)
    return "".join(lines[: next((n for n, line in enumerate(lines) if not line.startswith("#")), len(lines))])


def _joined(head: str, blocks: Iterable[str]) -> str:
    others = "".join(f"{line}\n" for line in head.splitlines() if not line.startswith("# yaml-language-server:"))
    return f"{FIRST_LINE}\n{others}" + "".join(
        block if block.endswith("\n") else f"{block}\n" for block in blocks if block
    )


def _same(one: Any, other: Any) -> bool:
    """Equal and of the same kind: 1 is not true."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def _reads_as(text: str, values: dict[str, Any]) -> bool:
    try:
        return _same(yaml.load(text, Loader=Yaml12Loader), values)
    except (yaml.YAMLError, ValueError):
        return False
